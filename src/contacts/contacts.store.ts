import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { textArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import { contactAddresses, contacts, conversations, members, messages, outbox } from '../database/schema.ts';
import { type Address, formatAddress, sameAddress } from './address.ts';
import { identify, type KnownAddress } from './contact.ts';

/** One envelope: the addresses of one person, the one the message came from first. */
export interface Sighting {
  readonly addresses: readonly [Address, ...Address[]];
  readonly name: string | undefined;
}

/**
 * Finds the contact of each sighting, in order, and makes those that are new, each with its conversation. Learns addresses on the
 * way. To be called in a transaction.
 *
 * @returns contact ids in the order of the sightings
 */
export async function resolveContacts(
  database: Database,
  sightings: readonly Sighting[],
  now: Date,
): Promise<number[]> {
  const known = await findAddresses(
    database,
    sightings.flatMap(({ addresses }) => addresses),
  );
  const absorbed = new Map<number, number>();
  const ids: number[] = [];
  for (const sighting of sightings) {
    ids.push(await resolveContact(database, sighting, known, absorbed, now));
  }
  // A later sighting may have joined two contacts. (An address that changed hands meanwhile changes nothing for earlier ones.)
  return ids.map((id) => survivor(id, absorbed));
}

function survivor(id: number, absorbed: ReadonlyMap<number, number>): number {
  const keep = absorbed.get(id);
  return keep === undefined ? id : survivor(keep, absorbed);
}

/** The contact of a phone number, made when it is new. To be called in a transaction. */
export async function contactOfPhone(database: Database, phone: string, now: Date): Promise<number> {
  const [id] = await resolveContacts(
    database,
    [{ addresses: [{ kind: 'phone', value: phone }], name: undefined }],
    now,
  );
  return id ?? 0;
}

/** Where to write to a contact: where the last message came from, else the LID, else the phone. */
export async function addressToAnswer(database: Database, contactId: number): Promise<Address | undefined> {
  const rows = await database
    .select({ kind: contactAddresses.kind, value: contactAddresses.value, last: contacts.lastAddress })
    .from(contactAddresses)
    .innerJoin(contacts, eq(contacts.id, contactAddresses.contactId))
    .where(eq(contactAddresses.contactId, contactId));
  return (
    rows.find((row) => formatAddress(row) === row.last) ??
    rows.find(({ kind }) => kind === 'lid') ??
    rows.find(({ kind }) => kind === 'phone')
  );
}

async function findAddresses(database: Database, addresses: readonly Address[]): Promise<KnownAddress[]> {
  const rows = await database.execute<{ kind: Address['kind']; value: string; contactId: string }>(sql`
    select a.kind, a.value, a.contact_id as "contactId" from ${contactAddresses} as a
    join ${unnestAddresses(addresses)} using (kind, value)`);
  return rows.map(({ kind, value, contactId }) => ({ address: { kind, value }, contactId: Number(contactId) }));
}

function unnestAddresses(addresses: readonly Address[]): SQL {
  const unique = [...new Map(addresses.map((address) => [formatAddress(address), address])).values()];
  const kinds = textArray(unique.map(({ kind }) => kind));
  const values = textArray(unique.map(({ value }) => value));
  return sql`unnest(${kinds}::text[], ${values}::text[]) as seen (kind, value)`;
}

async function resolveContact(
  database: Database,
  { addresses, name }: Sighting,
  known: KnownAddress[],
  absorbed: Map<number, number>,
  now: Date,
): Promise<number> {
  const mine = known.filter(({ address }) => addresses.some((seen) => sameAddress(seen, address)));
  const contactId = await decideContact(database, { addresses, name }, mine, known, absorbed, now);
  const missing = addresses.filter((seen) => !mine.some(({ address }) => sameAddress(seen, address)));
  if (missing.length > 0) {
    await database
      .insert(contactAddresses)
      .values(missing.map((address) => ({ ...address, contactId, firstSeenAt: now, lastSeenAt: now })));
    known.push(...missing.map((address) => ({ address, contactId })));
  }
  return contactId;
}

async function decideContact(
  database: Database,
  { addresses: seen, name }: Sighting,
  mine: readonly KnownAddress[],
  known: KnownAddress[],
  absorbed: Map<number, number>,
  now: Date,
): Promise<number> {
  const identification = identify(mine, seen, await phoneOwnerHasOtherLid(database, seen, mine));
  switch (identification.kind) {
    case 'known':
      return identification.contactId;
    case 'new':
      return createContact(database, name, now);
    case 'same-person': {
      await absorbContact(database, identification.keep, identification.absorb);
      absorbed.set(identification.absorb, identification.keep);
      reassign(known, ({ contactId }) => contactId === identification.absorb, identification.keep);
      return identification.keep;
    }
    case 'recycled-phone': {
      const contactId = identification.contactId ?? (await createContact(database, name, now));
      const phones = seen.filter(({ kind }) => kind === 'phone');
      await moveAddresses(database, phones, contactId);
      reassign(known, ({ address }) => phones.some((phone) => sameAddress(phone, address)), contactId);
      return contactId;
    }
  }
}

async function phoneOwnerHasOtherLid(
  database: Database,
  seen: readonly Address[],
  mine: readonly KnownAddress[],
): Promise<boolean> {
  const owner = mine.find(({ address }) => address.kind === 'phone')?.contactId;
  const lidIsTheirs = mine.some(({ address, contactId }) => address.kind === 'lid' && contactId === owner);
  if (owner === undefined || lidIsTheirs || !seen.some(({ kind }) => kind === 'lid')) {
    return false;
  }
  const lids = await database
    .select({ value: contactAddresses.value })
    .from(contactAddresses)
    .where(and(eq(contactAddresses.contactId, owner), eq(contactAddresses.kind, 'lid')));
  return lids.length > 0;
}

async function createContact(database: Database, name: string | undefined, now: Date): Promise<number> {
  const [created] = await database
    .insert(contacts)
    .values({ name: name ?? null, createdAt: now })
    .returning({ id: contacts.id });
  const contactId = created?.id ?? 0;
  await database.insert(conversations).values({ contactId, speaker: 'bot', since: now });
  return contactId;
}

/** Moves everything that belongs to one contact to another and removes the empty one. */
async function absorbContact(database: Database, keep: number, absorb: number): Promise<void> {
  await database.execute(sql`
    delete from ${messages} as theirs using ${messages} as mine
    where theirs.contact_id = ${absorb} and mine.contact_id = ${keep}
      and theirs.whatsapp_id = mine.whatsapp_id and theirs.direction = mine.direction`);
  for (const table of [messages, outbox, contactAddresses]) {
    await database.update(table).set({ contactId: keep }).where(eq(table.contactId, absorb));
  }
  await database.execute(sql`
    insert into ${members} (contact_id, role, source, since)
    select ${keep}, role, source, since from ${members} where contact_id = ${absorb}
    on conflict (contact_id) do update set role = excluded.role, source = excluded.source
    where array_position(array['advisor', 'manager', 'owner'], excluded.role)
      > array_position(array['advisor', 'manager', 'owner'], members.role)`);
  await database.execute(sql`
    update ${contacts} as kept set name = coalesce(kept.name, gone.name), last_address = coalesce(kept.last_address, gone.last_address)
    from ${contacts} as gone where kept.id = ${keep} and gone.id = ${absorb}`);
  await database.execute(sql`update setting_changes set changed_by = ${keep} where changed_by = ${absorb}`);
  for (const table of [members, conversations]) {
    await database.delete(table).where(eq(table.contactId, absorb));
  }
  await database.delete(contacts).where(eq(contacts.id, absorb));
}

async function moveAddresses(database: Database, addresses: readonly Address[], contactId: number): Promise<void> {
  const values = addresses.map(({ value }) => value);
  await database
    .update(contactAddresses)
    .set({ contactId })
    .where(and(eq(contactAddresses.kind, 'phone'), inArray(contactAddresses.value, values)));
}

function reassign(known: KnownAddress[], matches: (one: KnownAddress) => boolean, contactId: number): void {
  for (const [index, one] of known.entries()) {
    if (matches(one)) {
      known[index] = { ...one, contactId };
    }
  }
}

/** Keeps, in one statement, the name and the address that each contact's last message came with. */
export async function rememberLatest(
  database: Database,
  sightings: readonly Sighting[],
  ids: readonly number[],
): Promise<void> {
  const latest = new Map(sightings.map((sighting, index) => [ids[index] ?? 0, sighting]));
  await database.execute(sql`
    update ${contacts} as contact set name = coalesce(nullif(seen.name, ''), contact.name), last_address = seen.address
    from unnest(
      ${textArray([...latest.keys()].map(String))}::bigint[],
      ${textArray([...latest.values()].map(({ name }) => name ?? ''))}::text[],
      ${textArray([...latest.values()].map(({ addresses }) => formatAddress(addresses[0])))}::text[]
    ) as seen (id, name, address)
    where contact.id = seen.id
      and (contact.last_address is distinct from seen.address or (seen.name <> '' and contact.name is distinct from seen.name))`);
}
