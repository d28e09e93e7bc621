import { sql } from 'drizzle-orm';
import { openServerDatabase } from '../../src/database/database.ts';
import { days, later } from '../../src/lib/time.ts';
import { findPurchase } from '../../src/shop/purchase.store.ts';
import { readSegmentFacts } from '../../src/shop/segments.store.ts';
import { segmentsOf } from '../../src/shop/segments.ts';
import { seededRandom } from '../../src/simulator/seeded-random.ts';
import { closeLater } from './closing.ts';
import { emptyStorage } from './storage.ts';
import { median, table, verdict } from './table.ts';

const CONTACTS = 200_000;
const EVENTS = 1_000_000;
const ASKED = 1000;
const AIM_MS = 5;

const now = new Date('2026-11-22T10:00:00Z');

/** How long it takes to ask a large shop's database about one person: whether they have bought, and where they belong. */
export async function measureQuestions(): Promise<void> {
  const { DATABASE_URL: url = '' } = await emptyStorage('postgres');
  const { database, close } = await openServerDatabase(url);
  closeLater(close);
  await fill(database);
  const chance = seededRandom(1);
  const someone = () => 1 + Math.floor(chance() * CONTACTS);
  const time = async (work: (contactId: number) => Promise<unknown>) => {
    const took: number[] = [];
    for (let asked = 0; asked < ASKED; asked++) {
      const contactId = someone();
      const from = performance.now();
      await work(contactId);
      took.push(performance.now() - from);
    }
    return took;
  };
  const trivial = await time(() => database.execute(sql`select 1`));
  const purchase = await time((contactId) => findPurchase(database, contactId, later(now, -days(30))));
  const segments = await time(async (contactId) => segmentsOf(await readSegmentFacts(database, contactId), now));
  const rows = [
    rowOf('select 1', trivial),
    rowOf('purchased since T?', purchase),
    rowOf('segments of one contact', segments),
  ];
  console.log(
    `\nAsking about one person, PostgreSQL: ${CONTACTS} contacts, ${EVENTS} shop events, ${ASKED} people asked for`,
  );
  console.log(table(['question', 'median ms', '95th percentile ms', 'under 5 ms'], rows));
}

function rowOf(name: string, took: readonly number[]): readonly string[] {
  const sorted = took.toSorted((one, other) => one - other);
  const late = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
  return [name, median(took).toFixed(2), late.toFixed(2), verdict(median(took) < AIM_MS)];
}

type Database = Awaited<ReturnType<typeof openServerDatabase>>['database'];

/** Two orders and five events a contact, and what goes with them; every tenth has just got a rescue. */
async function fill(database: Database): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const phone = sql`'+34' || (600000000 + n)`;
  const everybody = sql`from generate_series(1, ${sql.raw(String(CONTACTS))}) as n`;
  const statements = [
    sql`insert into contacts (name, created_at) select 'Customer ' || n, ${at} ${everybody}`,
    sql`insert into contact_addresses (kind, value, contact_id, first_seen_at, last_seen_at, match_key)
      select 'phone', ${phone}, n, ${at}, ${at}, '34' || (600000000 + n) ${everybody}`,
    sql`insert into shop_names (source, kind, value, contact_id, phone, at)
      select 'shopify', kind, kind || n, n, ${phone}, ${at} ${everybody}, unnest(array['customer', 'email']) as kind`,
    sql`insert into consents (key, state, act, said, at, recorded_at, contact_id)
      select n || ' ' || k, case k when 1 then 'not-granted' else 'granted' end, true, 'shop', ${at} - k * interval '1 day', ${at}, n
      ${everybody}, generate_series(1, 2) as k`,
    sql`insert into cappings (contact_id, reserved_at) select n, ${at} - interval '1 day' ${everybody} where n % 10 = 0`,
    sql`insert into orders (source, external_id, items, refunded, codes, created_at, test, updated_at, contact_id, phone, customer_id, email)
      select 'shopify', n || '-' || k, '[]', 0, '[]', ${at} - (n % 90 + k) * interval '1 day', false, ${at}, n, ${phone}, 'customer' || n, 'email' || n
      ${everybody}, generate_series(1, 2) as k`,
    sql`insert into shop_events (source, subject, type, occurred_at, recorded_at, contact_id)
      select 'shopify', 'order:' || n || '-' || k, 'order.created', ${at} - k * interval '1 hour', ${at}, n
      ${everybody}, generate_series(1, ${sql.raw(String(EVENTS / CONTACTS))}) as k`,
    sql`analyze`,
  ];
  for (const statement of statements) {
    await database.execute(statement);
  }
}
