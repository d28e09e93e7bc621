import { createHmac, timingSafeEqual } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { Hono } from 'hono';
import { makeDeliveriesWorker } from '../../src/connectors/deliveries.worker.ts';
import { LARGEST_EVENTS, LARGEST_WEBHOOK, makeWebhookDesk } from '../../src/connectors/webhook-desk.ts';
import { type OpenDatabase, openEmbeddedDatabase, openServerDatabase } from '../../src/database/database.ts';
import { alwaysHeld } from '../../src/database/lease.ts';
import { listen } from '../../src/http/server.ts';
import { addWebhooks } from '../../src/http/webhooks.ts';
import { silentLog } from '../../src/lib/log.ts';
import { systemClock } from '../../src/lib/time.ts';
import { makeTakeReports } from '../../src/reception/shop-events.flow.ts';
import { noAccess } from '../../src/shop/outside-access.ts';

// One contender of `shop-events`, in a process of its own: `bare` checks the signature and stores the body with one insert, nothing
// else; `idle` is where the bot takes webhooks in; `working` takes in at the same time what they say.

const [kind = '', secret = '', domain = ''] = process.argv.slice(2);
const url = process.env['DATABASE_URL'];
const opened = await (url ? openServerDatabase(url) : openEmbeddedDatabase(process.env['DATA_DIR'] ?? ''));
const web = new Hono();
let drained = async () => {};
if (kind === 'bare') {
  await addBare(opened);
} else {
  addDesk(opened);
}
const server = await listen(web, '127.0.0.1', 0);
process.send?.({ port: server.port });
// Asked between two measurements: what is still to be taken in must not slow the next one down.
process.on('message', () => void drained().then(() => process.send?.('drained')));

async function addBare({ database }: OpenDatabase): Promise<void> {
  await database.execute(
    sql`create table if not exists bare_webhooks (id bigint generated always as identity, body bytea not null)`,
  );
  web.post('/webhooks/shopify', async (context) => {
    const body = Buffer.from(await context.req.arrayBuffer());
    const given = Buffer.from(context.req.header('X-Shopify-Hmac-Sha256') ?? '', 'base64');
    const right = createHmac('sha256', secret).update(body).digest();
    if (given.length !== right.length || !timingSafeEqual(given, right)) {
      return context.text('', 401);
    }
    await database.execute(sql`insert into bare_webhooks (body) values (${body})`);
    return context.text('');
  });
}

function addDesk({ database }: OpenDatabase): void {
  const clock = systemClock;
  const worker = makeDeliveriesWorker({
    database,
    lease: alwaysHeld,
    clock,
    log: silentLog,
    country: async () => 'ES',
    takeReports: makeTakeReports({ onUninstalled: async () => undefined }),
    onTaken: () => undefined,
  });
  const access = {
    ...noAccess,
    shopify: { shop: domain, apiUrl: undefined, apiVersion: '2026-07', login: undefined, webhookSecrets: [secret] },
  };
  const onStored = kind === 'working' ? () => worker.wake() : () => undefined;
  const desk = makeWebhookDesk({ database, clock, log: silentLog, access, onStored });
  addWebhooks(web, { ...desk, largestWebhook: LARGEST_WEBHOOK, largestEvents: LARGEST_EVENTS });
  if (kind === 'working') {
    worker.start();
    drained = () => worker.idle();
  }
}
