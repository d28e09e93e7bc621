import { initAuthCreds, makeWASocket, WA_CERT_DETAILS, type WASocket } from '@whiskeysockets/baileys';
import { listenToScript, tellScript } from './bot-talk.ts';
import { built } from './built.ts';

// The measure of all things: Baileys as it comes, keys in memory, a listener that does nothing. A process of its own.

const { makeSimulatedKeys } =
  await built<typeof import('../../src/simulator/simulated-keys.ts')>('simulator/simulated-keys.js');
const { silentLogger } =
  await built<typeof import('../../src/simulator/silent-logger.ts')>('simulator/silent-logger.js');

// The loader that reads this file has turned them on, and they make every error that Baileys creates dearer.
process.setSourceMapsEnabled(false);

const memory = { creds: initAuthCreds(), keys: makeSimulatedKeys() };
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(process.env['WHATSAPP_ROOT_KEY'] ?? '', 'hex');
let socket = connect();

function connect(): WASocket {
  const connected = makeWASocket({
    auth: memory,
    waWebSocketUrl: process.env['WHATSAPP_URL'] ?? '',
    logger: silentLogger,
    markOnlineOnConnect: false,
    syncFullHistory: false,
    getMessage: async () => undefined,
  });
  connected.ev.on('creds.update', (update) => void Object.assign(memory.creds, update));
  connected.ev.on('messages.upsert', () => undefined);
  connected.ev.on('connection.update', ({ qr, connection }) => {
    if (qr) {
      tellScript({ said: 'qr', qr });
    }
    // Linking ends with a new connection.
    if (connection === 'close') {
      socket = connect();
    }
  });
  return connected;
}

listenToScript({
  async answer(lids) {
    for (const lid of lids) {
      await socket.sendMessage(`${lid}@lid`, { text: 'Thank you, we will look into it.' });
    }
  },
  countStored: async () => undefined,
  stop: async () => undefined,
});
