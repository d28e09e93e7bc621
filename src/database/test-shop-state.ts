import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';

/**
 * Everything that follows from what shops told, without what depends on when and in which order it became known: ids, and the instants
 * of recording. Contacts are named by their phone. For comparing two histories.
 */
export async function shopState(database: Database): Promise<unknown> {
  const contact = sql`(select string_agg(a.value, ' ' order by a.value) from contact_addresses as a where a.contact_id = one.contact_id) as who`;
  const tables = [
    'carts',
    'checkouts',
    'orders',
    'consents',
    'contact_attributes',
    'shop_events',
    'shop_names',
    'shop_reports',
  ];
  const state: Record<string, unknown> = {};
  for (const table of tables) {
    const name = sql.identifier(table);
    const who = table === 'shop_reports' ? sql`null as who` : contact;
    const rows = await database.execute<{ row: unknown; who: string | null }>(sql`
      select to_jsonb(one) - 'id' - 'contact_id' - 'recorded_at' as row, ${who} from ${name} as one
      order by (to_jsonb(one) - 'id' - 'contact_id' - 'recorded_at')::text collate "C"`);
    state[table] = rows.map(({ row, who: phone }) => ({ ...(row as object), who: phone }));
  }
  return state;
}
