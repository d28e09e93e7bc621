import { asc, eq, isNotNull } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logMessages } from '../conversations/log.store.ts';
import type { Database } from '../database/database.ts';
import { contactAddresses, contacts, messages } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { type Address, formatAddress } from './address.ts';
import { resolveContacts } from './contacts.store.ts';

const now = new Date('2026-11-22T10:00:00Z');

interface Seen {
  readonly person: number;
  readonly addresses: readonly [Address, ...Address[]];
}

const lidOf = (person: number): Address => ({ kind: 'lid', value: `100${person}` });
const phoneOf = (person: number): Address => ({ kind: 'phone', value: `+3460000000${person}` });
const usernameOf = (person: number): Address => ({ kind: 'username', value: `name${person}` });

/** The ways in which WhatsApp names somebody, by the addresses that the person has then. */
const ways: readonly ((lid: Address, phone: Address, username: Address) => [Address, ...Address[]])[] = [
  (lid) => [lid],
  (_lid, phone) => [phone],
  (lid, phone) => [lid, phone],
  (lid, phone) => [phone, lid],
  (lid, _phone, username) => [lid, username],
  (_lid, phone, username) => [phone, username],
  (lid, phone, username) => [lid, phone, username],
];

/**
 * People 0 to 3, each with a phone, a LID and a username. `settled` ones keep them; of the others, some are seen with the next
 * person's number, which was given out again, or with a new LID of their own.
 */
const world = (settled: boolean) =>
  fc.array(
    fc
      .record({
        person: fc.nat(3),
        way: fc.constantFrom(...ways),
        changed: settled ? fc.constant('nothing') : fc.constantFrom('nothing', 'nothing', 'number', 'lid'),
      })
      .map(({ person, way, changed }): Seen => {
        const lid = changed === 'lid' ? lidOf(person + 4) : lidOf(person);
        const phone = changed === 'number' ? phoneOf((person + 1) % 4) : phoneOf(person);
        return { person, addresses: way(lid, phone, usernameOf(person)) };
      }),
    { minLength: 1, maxLength: 20 },
  );

const batchSizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });

interface Outcome {
  /** The contact of every address, and of every line by its place in the world. */
  readonly addresses: ReadonlyMap<string, number>;
  readonly lines: readonly number[];
}

/** Takes a world in, as reception does: each batch resolved, and a line logged for each sighting. */
async function take(seen: readonly Seen[], sizes: readonly number[]): Promise<Outcome> {
  const database = await emptyTestDatabase();
  for (let from = 0, turn = 0; from < seen.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    const batch = seen.slice(from, from + size);
    const first = from;
    await database.transaction((transaction) => takeBatch(transaction, batch, first));
    from += size;
  }
  const addresses = await database.select().from(contactAddresses);
  const lines = await database.select().from(messages).orderBy(asc(messages.id));
  expect(await addressesOfTheAbsorbed(database)).toEqual([]);
  return {
    addresses: new Map(addresses.map((one) => [formatAddress(one), one.contactId])),
    lines: lines.map(({ contactId }) => contactId),
  };
}

async function takeBatch(database: Database, batch: readonly Seen[], first: number): Promise<void> {
  const sightings = batch.map(({ addresses }) => ({ addresses, name: undefined }));
  const ids = await resolveContacts(database, sightings, now);
  const line = {
    direction: 'in',
    author: 'contact',
    kind: 'text',
    arrival: 'live',
    sentAt: now,
    loggedAt: now,
  } as const;
  await logMessages(
    database,
    ids.map((contactId, index) => ({ ...line, contactId, whatsappId: `M${first + index}` })),
  );
}

async function addressesOfTheAbsorbed(database: Database) {
  return database
    .select({ value: contactAddresses.value })
    .from(contactAddresses)
    .innerJoin(contacts, eq(contacts.id, contactAddresses.contactId))
    .where(isNotNull(contacts.mergedInto));
}

/** Contacts without their numbers: who belongs together. */
function partition({ addresses, lines }: Outcome): string[] {
  const groups = new Map<number, string[]>();
  const belongs = [...addresses, ...lines.map((contactId, index) => [`line ${index}`, contactId] as const)];
  for (const [what, contactId] of belongs) {
    groups.set(contactId, [...(groups.get(contactId) ?? []), what]);
  }
  return [...groups.values()].map((group) => group.toSorted().join(' ')).toSorted();
}

/** The addresses that sightings say belong together, directly or by way of others. */
function connected(seen: readonly Seen[], one: Address): ReadonlySet<string> {
  const reached = new Set([formatAddress(one)]);
  for (let before = 0; before !== reached.size; ) {
    before = reached.size;
    for (const { addresses } of seen.filter((some) => some.addresses.some((it) => reached.has(formatAddress(it))))) {
      for (const address of addresses) {
        reached.add(formatAddress(address));
      }
    }
  }
  return reached;
}

it('finds people who keep their addresses, whatever is seen of them in whatever order: each one contact, with all their lines', async () => {
  await fc.assert(
    fc.asyncProperty(world(true), batchSizes, async (seen, sizes) => {
      const outcome = await take(seen, sizes);

      for (const [index, { addresses }] of seen.entries()) {
        const mine = connected(seen, addresses[0]);
        const contactId = outcome.addresses.get(formatAddress(addresses[0]));
        const shared = [...outcome.addresses].filter(([, owner]) => owner === contactId).map(([address]) => address);
        expect(new Set(shared)).toEqual(mine);
        expect(outcome.lines[index]).toBe(contactId);
      }
    }),
    { seed: 20_261_122, numRuns: 30 },
  );
});

it('never takes two people for one because of a number that was given out again: no contact has two LIDs, and nothing is one that no sighting joined', async () => {
  await fc.assert(
    fc.asyncProperty(world(false), batchSizes, async (seen, sizes) => {
      const { addresses } = await take(seen, sizes);

      const lids = [...addresses].filter(([address]) => address.startsWith('lid:'));
      expect(new Set(lids.map(([, owner]) => owner)).size).toBe(lids.length);
      for (const { addresses: named } of seen) {
        const owner = addresses.get(formatAddress(named[0]));
        const together = [...addresses].filter(([, other]) => other === owner).map(([address]) => address);
        const mine = connected(seen, named[0]);
        expect(together.filter((address) => !mine.has(address))).toEqual([]);
      }
      const last = seen.at(-1);
      expect(new Set(last?.addresses.map((address) => addresses.get(formatAddress(address)))).size).toBe(1);
    }),
    { seed: 20_261_122, numRuns: 30 },
  );
});

it('comes to the same people and lines wherever the borders of the batches lie', async () => {
  await fc.assert(
    fc.asyncProperty(world(false), batchSizes, async (seen, sizes) => {
      expect(partition(await take(seen, sizes))).toEqual(partition(await take(seen, [1])));
    }),
    { seed: 20_261_122, numRuns: 25 },
  );
});
