import { and, desc, eq, inArray, isNotNull, like, type SQL, sql } from 'drizzle-orm';
import { numberArray, textArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import { contactAddresses, contacts, conversations, messages, outbox } from '../database/schema.ts';
import { type Address, formatAddress, sameAddress } from './address.ts';
import { keepForgotten } from './consents.store.ts';
import { identify, type KnownAddress } from './contact.ts';
import { whenForgotten } from './forget.store.ts';
import { joinContacts } from './merge.store.ts';
import { matchKey } from './phone.ts';

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
  const seen = sightings.flatMap(({ addresses }) => addresses);
  const known = await findKnown(database, seen);
  known.push(...(await learnWritings(database, seen, known, now)));
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

/** Where to write to a contact: where the last message came from, else the LID that was learnt last, else the phone. */
export async function addressToAnswer(database: Database, contactId: number): Promise<Address | undefined> {
  const rows = await database
    .select({ kind: contactAddresses.kind, value: contactAddresses.value, last: contacts.lastAddress })
    .from(contactAddresses)
    .innerJoin(contacts, eq(contacts.id, contactAddresses.contactId))
    .where(eq(contactAddresses.contactId, contactId))
    .orderBy(desc(contactAddresses.lastSeenAt), desc(contactAddresses.value));
  return (
    rows.find((row) => formatAddress(row) === row.last) ??
    rows.find(({ kind }) => kind === 'lid') ??
    rows.find(({ kind }) => kind === 'phone')
  );
}

/** Any number that no other program on the same server takes for its advisory lock. */
const NEWCOMERS = 7_420_865_332;

/**
 * Messages, deliveries of shops and their answers make contacts in transactions of their own, which may run at the same time. Whoever
 * meets an address that is new waits here for the others, and looks again.
 */
async function findKnown(database: Database, seen: readonly Address[]): Promise<KnownAddress[]> {
  const known = await findAddresses(database, seen);
  if (seen.every((one) => known.some(({ address }) => sameAddress(address, one)))) {
    return known;
  }
  await database.execute(sql`select pg_advisory_xact_lock(${sql.raw(String(NEWCOMERS))})`);
  return findAddresses(database, seen);
}

async function findAddresses(database: Database, addresses: readonly Address[]): Promise<KnownAddress[]> {
  const rows = await database.execute<{ kind: Address['kind']; value: string; contactId: string }>(sql`
    select a.kind, a.value, a.contact_id as "contactId" from ${contactAddresses} as a
    join ${unnestAddresses(addresses)} using (kind, value)`);
  return rows.map(({ kind, value, contactId }) => ({ address: { kind, value }, contactId: Number(contactId) }));
}

/** A phone number that is known in another writing belongs to the same contact (facts/commerce §7); it is learnt in this one too. */
async function learnWritings(
  database: Database,
  seen: readonly Address[],
  known: readonly KnownAddress[],
  now: Date,
): Promise<KnownAddress[]> {
  const fresh = new Map(
    seen
      .filter(({ kind }) => kind === 'phone')
      .filter((phone) => !known.some(({ address }) => sameAddress(address, phone)))
      .map(({ value }) => [value, matchKey(value)]),
  );
  if (fresh.size === 0) {
    return [];
  }
  const others = await database
    .select({ key: contactAddresses.matchKey, contactId: contactAddresses.contactId })
    .from(contactAddresses)
    .where(inArray(contactAddresses.matchKey, [...fresh.values()]))
    .orderBy(desc(contactAddresses.contactId));
  const owners = new Map(others.map(({ key, contactId }) => [key, contactId]));
  const learnt = [...fresh].flatMap(([value, key]) => {
    const contactId = owners.get(key);
    return contactId === undefined ? [] : [{ address: { kind: 'phone', value } as const, contactId }];
  });
  await insertAddresses(
    database,
    learnt.map(({ address, contactId }) => ({ ...address, contactId })),
    now,
  );
  return learnt;
}

/** The same for a number that became known within this batch. */
async function learnNewWritings(
  database: Database,
  seen: readonly Address[],
  known: KnownAddress[],
  now: Date,
): Promise<void> {
  const fresh = seen.filter((phone) => !known.some(({ address }) => sameAddress(address, phone)));
  const learnt = fresh.flatMap((address) => {
    const owner = known.find((one) => sameNumber(one.address, address));
    return owner ? [{ address, contactId: owner.contactId }] : [];
  });
  await insertAddresses(
    database,
    learnt.map(({ address, contactId }) => ({ ...address, contactId })),
    now,
  );
  known.push(...learnt);
}

/** Keeps addresses that are not known yet. */
export async function insertAddresses(
  database: Database,
  addresses: readonly (Address & { readonly contactId: number })[],
  now: Date,
): Promise<void> {
  if (addresses.length > 0) {
    await database.insert(contactAddresses).values(
      addresses.map(({ kind, value, contactId }) => ({
        kind,
        value,
        contactId,
        firstSeenAt: now,
        lastSeenAt: now,
        matchKey: kind === 'phone' ? matchKey(value) : null,
      })),
    );
  }
}

function unnestAddresses(addresses: readonly Address[]): SQL {
  const unique = [...new Map(addresses.map((address) => [formatAddress(address), address])).values()];
  const kinds = textArray(unique.map(({ kind }) => kind));
  const values = textArray(unique.map(({ value }) => value));
  return sql`unnest(${kinds}::text[], ${values}::text[]) as seen (kind, value)`;
}

async function resolveContact(
  database: Database,
  sighting: Sighting,
  known: KnownAddress[],
  absorbed: Map<number, number>,
  now: Date,
): Promise<number> {
  const { addresses } = sighting;
  await learnNewWritings(database, addresses, known, now);
  const mine = known.filter(({ address }) => addresses.some((seen) => sameAddress(seen, address)));
  const missing = addresses.filter((seen) => !mine.some(({ address }) => sameAddress(seen, address)));
  const contactId = await decideContact(database, sighting, mine, known, absorbed, now);
  await insertAddresses(
    database,
    missing.map((address) => ({ ...address, contactId })),
    now,
  );
  known.push(...missing.map((address) => ({ address, contactId })));
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
  const owners = [...new Set(mine.map(({ contactId }) => contactId))];
  if (owners[0] !== undefined && owners.length === 1 && mine.length === seen.length) {
    return owners[0];
  }
  const kinds = await kindsOfContacts(database, owners);
  const { contactId, samePersonAs, changedHands } = identify(mine, seen, (id) => kinds.get(id) ?? new Set());
  const keep = contactId ?? (await createContact(database, seen, name, now));
  const lid = seen.find(({ kind }) => kind === 'lid');
  const itsOwner = mine.find(({ address }) => address.kind === 'lid')?.contactId;
  for (const person of [keep, ...samePersonAs]) {
    if (lid && person !== itsOwner) {
      await takeNewLid(database, person, lid);
    }
  }
  for (const absorb of samePersonAs) {
    await joinContacts(database, keep, absorb, now);
    absorbed.set(absorb, keep);
    reassign(known, (one) => one.contactId === absorb, keep);
  }
  if (changedHands.length > 0) {
    await moveAddresses(database, changedHands, keep);
    reassign(known, ({ address }) => changedHands.some((one) => sameNumber(one, address)), keep);
  }
  return keep;
}

/** By which kinds of address each contact is known; without the LIDs of those whose LID is out of date. */
async function kindsOfContacts(
  database: Database,
  contactIds: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<Address['kind']>>> {
  const kinds = new Map<number, Set<Address['kind']>>(contactIds.map((id) => [id, new Set()]));
  if (contactIds.length > 0) {
    const rows = await database
      .select({ id: contacts.id, kind: contactAddresses.kind, stale: contacts.lidStaleSince })
      .from(contactAddresses)
      .innerJoin(contacts, eq(contacts.id, contactAddresses.contactId))
      .where(inArray(contacts.id, [...contactIds]));
    for (const { id, kind } of rows.filter((row) => row.kind !== 'lid' || row.stale === null)) {
      kinds.get(id)?.add(kind);
    }
  }
  return kinds;
}

/**
 * When the contact's LID was out of date, this one is the new one: from now on answers, and what is queued, go there instead of to the
 * old one. Else nothing changes.
 */
export async function takeNewLid(database: Database, contactId: number, lid: Address): Promise<void> {
  const address = formatAddress(lid);
  const [taken] = await database
    .update(contacts)
    .set({
      lidStaleSince: null,
      lastAddress: sql`case when ${contacts.lastAddress} like 'lid:%' then ${address} else ${contacts.lastAddress} end`,
    })
    .where(and(eq(contacts.id, contactId), isNotNull(contacts.lidStaleSince)))
    .returning({ id: contacts.id });
  if (taken) {
    await database
      .update(outbox)
      .set({ address })
      .where(and(eq(outbox.contactId, contactId), eq(outbox.state, 'queued'), like(outbox.address, 'lid:%')));
  }
}

/** Somebody whom we were told to forget gets nothing until their own later act. */
async function createContact(
  database: Database,
  seen: readonly Address[],
  name: string | undefined,
  now: Date,
): Promise<number> {
  const [created] = await database
    .insert(contacts)
    .values({ name: name ?? null, createdAt: now })
    .returning({ id: contacts.id });
  const contactId = created?.id ?? 0;
  await database.insert(conversations).values({ contactId, speaker: 'bot', since: now });
  const phones = seen.filter(({ kind }) => kind === 'phone').map(({ value }) => value);
  const forgottenAt = await whenForgotten(database, { phones, customers: [], emails: [] });
  if (forgottenAt) {
    await keepForgotten(database, contactId, forgottenAt, now);
  }
  return contactId;
}

/** A phone number goes in every writing of it. */
async function moveAddresses(database: Database, addresses: readonly Address[], contactId: number): Promise<void> {
  const keys = addresses.filter(({ kind }) => kind === 'phone').map(({ value }) => matchKey(value));
  await database.execute(sql`
    update ${contactAddresses} as a set contact_id = ${contactId} from ${unnestAddresses(addresses)}
    where (a.kind = seen.kind and a.value = seen.value) or a.match_key = any(${textArray(keys)}::text[])`);
}

function sameNumber(one: Address, other: Address): boolean {
  const arePhones = one.kind === 'phone' && other.kind === 'phone';
  return sameAddress(one, other) || (arePhones && matchKey(one.value) === matchKey(other.value));
}

function reassign(known: KnownAddress[], matches: (one: KnownAddress) => boolean, contactId: number): void {
  for (const [index, one] of known.entries()) {
    if (matches(one)) {
      known[index] = { ...one, contactId };
    }
  }
}

/** Who wrote, under which address and name, and when. */
export interface Writing {
  readonly contactId: number;
  readonly address: Address;
  readonly name: string | undefined;
  /** WhatsApp's time. */
  readonly sentAt: Date;
}

/**
 * Keeps, in one statement, the name and the address that each contact's last message came with. Only what the contact itself wrote
 * to the shop counts, live or while the bot was away; nothing older than the newest such line of the log does. To be called before
 * these messages are logged.
 */
export async function rememberLatest(database: Database, writings: readonly Writing[]): Promise<void> {
  const latest = new Map<number, Writing>();
  for (const writing of writings) {
    const before = latest.get(writing.contactId);
    if (!before || before.sentAt <= writing.sentAt) {
      latest.set(writing.contactId, { ...writing, name: writing.name || before?.name });
    }
  }
  const written = [...latest.values()];
  await database.execute(sql`
    update ${contacts} as contact set name = coalesce(nullif(seen.name, ''), contact.name), last_address = seen.address
    from unnest(
      ${numberArray(written.map(({ contactId }) => contactId))}::bigint[],
      ${textArray(written.map(({ name }) => name ?? ''))}::text[],
      ${textArray(written.map(({ address }) => formatAddress(address)))}::text[],
      ${textArray(written.map(({ sentAt }) => sentAt.toISOString()))}::timestamptz[]
    ) as seen (id, name, address, sent_at)
    where contact.id = seen.id
      and (contact.last_address is distinct from seen.address or (seen.name <> '' and contact.name is distinct from seen.name))
      and not exists (select from ${messages} as line where line.contact_id = seen.id and line.sent_at > seen.sent_at
        and line.direction = 'in' and line.arrival <> 'history')`);
}
