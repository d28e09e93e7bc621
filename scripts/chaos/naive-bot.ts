import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWASocket, useMultiFileAuthState, WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { silentLogger } from '../../src/simulator/silent-logger.ts';

// What most programs do: the login in files, and a listener that writes down what it is told. For comparison, in a process of its own.

const directory = process.argv[2] ?? '.';
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(process.env['WHATSAPP_ROOT_KEY'] ?? '', 'hex');
const { state, saveCreds } = await useMultiFileAuthState(join(directory, 'login'));
connect();

function connect(): void {
  const socket = makeWASocket({
    auth: state,
    waWebSocketUrl: process.env['WHATSAPP_URL'] ?? '',
    logger: silentLogger,
    markOnlineOnConnect: false,
    syncFullHistory: false,
  });
  socket.ev.on('creds.update', () => void saveCreds());
  socket.ev.on('connection.update', ({ qr, connection }) => {
    if (qr) {
      process.send?.({ qr });
    }
    if (connection === 'close') {
      connect();
    }
  });
  socket.ev.on('messages.upsert', ({ messages }) => {
    for (const { message } of messages) {
      const text = message?.conversation ?? message?.extendedTextMessage?.text;
      if (text) {
        appendFileSync(join(directory, 'log.txt'), `${text}\n`);
      }
    }
  });
}

process.on('disconnect', () => process.exit(1));
