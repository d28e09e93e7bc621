import { readFileSync } from 'node:fs';
import { generateMessageIDV2 } from '@whiskeysockets/baileys';
import { sql } from 'drizzle-orm';
import type { Database } from '../../src/database/database.ts';
import { listenToScript, tellScript } from './bot-talk.ts';
import { built } from './built.ts';

// Shopbell as it runs in production, with a wire to the script that measures it. A process of its own.

const { startApp } = await built<typeof import('../../src/app.ts')>('app.js');
const { resolveContacts } =
  await built<typeof import('../../src/contacts/contacts.store.ts')>('contacts/contacts.store.js');
const { openEmbeddedDatabase, openServerDatabase } =
  await built<typeof import('../../src/database/database.ts')>('database/database.js');
const { makeLog } = await built<typeof import('../../src/lib/log.ts')>('lib/log.js');
const { systemClock } = await built<typeof import('../../src/lib/time.ts')>('lib/time.js');
const { queueMessage } = await built<typeof import('../../src/outbox/outbox.store.ts')>('outbox/outbox.store.js');
const { silenceConsole } =
  await built<typeof import('../../src/whatsapp/quiet-libraries.ts')>('whatsapp/quiet-libraries.js');

// The loader that reads this file has turned them on; `npm start` may do without.
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
process.setSourceMapsEnabled(scripts.start.includes('--enable-source-maps'));

const { DATABASE_URL, DATA_DIR = '', WHATSAPP_URL, WHATSAPP_ROOT_KEY } = process.env;
const log = makeLog('warn');
silenceConsole(log);
const opened = DATABASE_URL ? await openServerDatabase(DATABASE_URL) : await openEmbeddedDatabase(DATA_DIR);
const { database } = opened;
const app = await startApp({
  opened,
  dataDirectory: DATA_DIR,
  clock: systemClock,
  log,
  owners: [],
  // Nobody waits here for an answer that is typed like a person's.
  firstSettings: { 'sending.typing': '0' },
  whatsapp: { encryptionKey: undefined, url: WHATSAPP_URL, rootKey: WHATSAPP_ROOT_KEY },
  web: { host: '127.0.0.1', port: 0, token: 'token-of-the-benchmark' },
  onLink(link) {
    if (link.state === 'pairing') {
      tellScript({ said: 'qr', qr: link.qr });
    }
  },
});

listenToScript({
  /** Queues the answers; they leave when the next message comes in. */
  async answer(lids) {
    await database.transaction(async (transaction) => {
      for (const lid of lids) {
        await queueAnswer(transaction, lid);
      }
    });
  },
  async countStored() {
    const [row] = await database.execute<{ stored: number }>(
      sql`select count(*)::int as stored from messages where direction = 'in'`,
    );
    return row?.stored ?? 0;
  },
  stop: () => app.stop(),
});

async function queueAnswer(transaction: Database, lid: string): Promise<void> {
  const now = systemClock.now();
  const [contactId = 0] = await resolveContacts(
    transaction,
    [{ addresses: [{ kind: 'lid', value: lid }], name: undefined }],
    now,
  );
  const content = { kind: 'text', text: 'Thank you, we will look into it.' } as const;
  const whatsappId = generateMessageIDV2();
  await queueMessage(transaction, { key: `bench:${lid}`, contactId, kind: 'reply', content, whatsappId }, now);
}
