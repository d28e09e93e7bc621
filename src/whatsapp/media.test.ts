import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { proto, type WASocket } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LARGEST_FILE } from '../conversations/attachment.ts';
import { systemClock } from '../lib/time.ts';
import { type SealedFile, sealFile } from '../simulator/media-crypto.ts';
import { issueTlsCertificate } from '../simulator/tls-certificate.ts';
import { trustInThisProcess } from '../simulator/trust.ts';
import { AttachmentGone, fetchOrder, openFile } from './media.ts';

const picture = Buffer.from('a picture of a mug, in more than one block of the cipher');
const sealed = sealFile(picture, 'image');

/** A server as WhatsApp has for files; the socket names it as one of WhatsApp's. */
let server: Server;
let host: string;
let endTrust: () => Promise<void>;
let paths: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  const certificate = await issueTlsCertificate('127.0.0.1');
  server = createServer({ ...certificate }, (request, response) => {
    paths.push(request.url ?? '');
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  endTrust = trustInThisProcess({ certificate: certificate.cert });
});

afterAll(async () => {
  await endTrust();
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  paths = [];
  answer = (_request, response) => response.end(sealed.ciphertext);
});

function socket(): WASocket {
  const parts = {
    refreshMediaConn: async () => ({ hosts: [{ hostname: 'media.example' }, { hostname: host }] }),
    // The phone does not have it either.
    updateMediaMessage: async () => Promise.reject(new Error('Media re-upload failed by device (NOT_FOUND)')),
  };
  return parts as unknown as WASocket;
}

function imageMessage({ mediaKey }: SealedFile = sealed, more: proto.Message.IImageMessage = {}): proto.IMessage {
  return { imageMessage: { url: `https://${host}/v/1`, directPath: '/v/1', mediaKey, ...more } };
}

async function open(message: proto.IMessage): Promise<Buffer> {
  const raw = proto.Message.encode(message).finish();
  const wanted = { raw, whatsappId: 'M1', chat: '111@lid', ours: false };
  return buffer(await openFile(socket(), systemClock, wanted, AbortSignal.timeout(20_000)));
}

describe('a file is fetched and decrypted', () => {
  it.each<[what: string, wrap: (message: proto.IMessage) => proto.IMessage]>([
    ['of a message', (message) => message],
    ['that the shop’s own phone has sent', (message) => ({ deviceSentMessage: { message } })],
    ['in a chat whose messages disappear', (message) => ({ ephemeralMessage: { message } })],
  ])('%s', async (_what, wrap) => {
    expect(await open(wrap(imageMessage()))).toEqual(picture);
    expect(paths).toEqual(['/v/1']);
  });

  it('also when it comes in many small pieces', async () => {
    answer = (_request, response) => {
      for (const byte of sealed.ciphertext) {
        response.write(Buffer.from([byte]));
      }
      response.end();
    };

    expect(await open(imageMessage())).toEqual(picture);
  });
});

describe('a file is an error, and never taken for whole,', () => {
  const changed = (index: number) => {
    const bytes = Buffer.from(sealed.ciphertext);
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    return bytes;
  };

  it.each<[string, Buffer]>([
    ['changed in its first block', changed(3)],
    ['changed in the code that proves it', changed(sealed.ciphertext.length - 1)],
    ['without that code', sealed.ciphertext.subarray(0, -10)],
    ['cut to less than that code', sealed.ciphertext.subarray(0, 5)],
    ['empty', Buffer.alloc(0)],
  ])('when it comes %s', async (_how, bytes) => {
    answer = (_request, response) => response.end(bytes);

    await expect(open(imageMessage())).rejects.toThrow('cut short or was changed');
  });

  it('when it was sealed with another key', async () => {
    await expect(open(imageMessage(sealFile(picture, 'image')))).rejects.toThrow('cut short or was changed');
  });

  it('when WhatsApp sends us elsewhere for it', async () => {
    answer = ({ url }, response) =>
      url === '/elsewhere'
        ? response.end(sealed.ciphertext)
        : response.writeHead(302, { location: `https://${host}/elsewhere` }).end();

    await expect(open(imageMessage())).rejects.toThrow();
    expect(paths).toEqual(['/v/1']);
  });
});

describe('a file will never be there', () => {
  it.each([404, 410])('when WhatsApp answers %i', async (status) => {
    answer = (_request, response) => response.writeHead(status).end();

    await expect(open(imageMessage())).rejects.toMatchObject({ name: 'AttachmentGone', state: 'gone' });
  });

  it.each([403, 429, 500, 503])('but is asked for again when WhatsApp answers %i', async (status) => {
    answer = (_request, response) => response.writeHead(status).end();

    await expect(open(imageMessage())).rejects.toThrow(`answered ${status}`);
    await expect(open(imageMessage())).rejects.not.toBeInstanceOf(AttachmentGone);
  });

  it('when it is announced larger than anybody wants: it is not even asked for', async () => {
    const fileLength = LARGEST_FILE + 1;

    await expect(open(imageMessage(sealed, { fileLength }))).rejects.toMatchObject({ state: 'too-large' });
    expect(await open(imageMessage(sealed, { fileLength: LARGEST_FILE }))).toEqual(picture);
    expect(paths).toHaveLength(1);
  });

  it.each<[string, () => proto.IMessage]>([
    ['the message has none', () => ({ conversation: 'Hello' })],
    ['its key is missing', () => imageMessage(sealed, { mediaKey: null })],
    ['its place is missing', () => imageMessage(sealed, { directPath: null })],
    ['its place would lead to another host', () => imageMessage(sealed, { directPath: '.evil.example/v/1' })],
    ['it lies on a stranger’s host', () => imageMessage(sealed, { url: 'https://evil.example/v/1' })],
    [
      'it lies on a host that looks like WhatsApp’s',
      () => imageMessage(sealed, { url: 'https://x.whatsapp.net.evil.example/' }),
    ],
    ['it lies on a host that ends like WhatsApp’s', () => imageMessage(sealed, { url: 'https://evilwhatsapp.net/' })],
    ['it lies on this machine', () => imageMessage(sealed, { url: 'https://127.0.0.1:1/v/1' })],
  ])('when %s', async (_what, message) => {
    await expect(open(message())).rejects.toMatchObject({ name: 'AttachmentGone', state: 'gone' });
    expect(paths).toEqual([]);
  });
});

it('reads the lines of an order in the currency’s own unit, and leaves out what was not told', async () => {
  const products = [
    { id: 'p1', name: 'Blue mug', quantity: 2, price: 9500, currency: 'EUR', imageUrl: '' },
    { id: 'p2', name: 'Red mug', quantity: 1, price: Number.NaN, currency: '', imageUrl: '' },
  ];
  const asked: unknown[] = [];
  const parts = {
    async getOrderDetails(...order: unknown[]) {
      asked.push(order);
      return { products };
    },
  };

  expect(await fetchOrder(parts as unknown as WASocket, '42', 'tok')).toEqual([
    { productId: 'p1', name: 'Blue mug', quantity: 2, price: 9.5, currency: 'EUR' },
    { productId: 'p2', name: 'Red mug', quantity: 1, price: undefined, currency: undefined },
  ]);
  expect(asked).toEqual([['42', 'tok']]);
});
