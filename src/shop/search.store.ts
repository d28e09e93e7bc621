import { sql } from 'drizzle-orm';
import { matchKey } from '../contacts/phone.ts';
import { readProfile } from '../contacts/profiles.store.ts';
import type { Database } from '../database/database.ts';
import { contactAddresses, contactAttributes, contacts, messages, orders, shopNames } from '../database/schema.ts';
import { type Found, SHORTEST_SEARCH } from './search.ts';

/** Fewer digits are no part of a phone number that anybody would search by. */
const FEWEST_DIGITS = 3;

/**
 * People by a part of their phone number, their name, their email address or the whole number of an order. Who was seen last
 * comes first; at most `most`.
 */
export async function searchPeople(database: Database, wanted: string, most: number): Promise<Found[]> {
  const words = wanted.trim().toLowerCase();
  const order = words.replace(/^#/, '');
  const part = `%${words.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const digits = /^[\d\s+().-]+$/.test(words) ? words.replaceAll(/\D/g, '').replace(/^00/, '') : '';
  const byWords = words.length >= SHORTEST_SEARCH;
  const rows = await database.execute<{ id: string; email: string | null; order: string | null }>(sql`
    with found as (
      select contact_id as id, null as email, null as order_number from ${contactAddresses}
        where kind = 'phone' and ${digits.length >= FEWEST_DIGITS} and (value like ${`%${digits}%`} or match_key = ${matchKey(digits)})
      union all
      select contact_id, null, null from ${contactAddresses}
        where kind = 'username' and ${byWords} and lower(value) like ${part.replace('%@', '%')}
      union all
      select id, null, null from ${contacts} where ${byWords} and lower(name) like ${part}
      union all
      select contact_id, null, null from (
        select contact_id, string_agg(value, ' ' order by name) as name from ${contactAttributes}
        where name in ('first-name', 'last-name') group by contact_id) as called
        where ${byWords} and lower(name) like ${part}
      union all
      select contact_id, value, null from ${contactAttributes}
        where name = 'email' and ${byWords} and lower(value) like ${part}
      union all
      select contact_id, value, null from ${shopNames} where kind = 'email' and ${byWords} and lower(value) like ${part}
      union all
      select contact_id, null, coalesce(number, external_id) from ${orders}
        where lower(ltrim(number, '#')) = ${order} or external_id = ${order}
    )
    select found.id, max(found.email) as email, max(found.order_number) as order
    from found join ${contacts} as person on person.id = found.id and person.merged_into is null
    group by found.id
    order by max(found.order_number) is null,
      (select max(sent_at) from ${messages} where contact_id = found.id) desc nulls last, found.id desc
    limit ${most}`);
  const found: Found[] = [];
  for (const { id, email, order: number } of rows) {
    const profile = await readProfile(database, Number(id));
    if (profile) {
      found.push({ profile, email: email ?? undefined, order: number ?? undefined });
    }
  }
  return found;
}
