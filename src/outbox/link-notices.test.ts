import { asc } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { resolveContacts } from '../contacts/contacts.store.ts';
import { makeOwner } from '../contacts/members.store.ts';
import type { Database } from '../database/database.ts';
import { messages, outbox } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { days, hours, later, minutes } from '../lib/time.ts';
import { setFirstValues } from '../settings/settings.store.ts';
import { tellGap, warnOfSilentPhone } from './link-notices.flow.ts';

const now = new Date('2026-11-22T10:00:00Z');

let database: Database;
let ids: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  ids = 0;
  await setFirstValues(database, { 'shop.timezone': 'Europe/Madrid' }, now);
  for (const value of ['+34600000002', '+34600000004']) {
    await makeOwner(database, await contact(value), 'environment', now);
  }
});

async function contact(value: string): Promise<number> {
  const [id] = await resolveContacts(database, [{ addresses: [{ kind: 'phone', value }], name: undefined }], now);
  return id ?? 0;
}

function parts(at: Date) {
  const chooseMessageId = () => {
    ids += 1;
    return `NOTICE${ids}`;
  };
  return { database, now: at, chooseMessageId };
}

async function queued(): Promise<string[]> {
  const rows = await database.select().from(outbox).orderBy(asc(outbox.id));
  return rows.map(({ content }) => (content as { text: string }).text);
}

describe('the line about a gap', () => {
  it('tells each owner from when to when, and how many messages came late', async () => {
    const ana = await contact('+34600000003');
    const line = { contactId: ana, direction: 'in', author: 'contact', kind: 'text', loggedAt: later(now, 1) } as const;
    await database.insert(messages).values([
      { ...line, whatsappId: 'A', arrival: 'offline', sentAt: later(now, -minutes(20)) },
      { ...line, whatsappId: 'B', arrival: 'offline', sentAt: later(now, -minutes(10)) },
      { ...line, whatsappId: 'C', arrival: 'live', sentAt: now },
      { ...line, whatsappId: 'E', direction: 'out', author: 'shop-phone', arrival: 'offline', sentAt: now },
      { ...line, whatsappId: 'D', arrival: 'offline', sentAt: now, loggedAt: later(now, -hours(2)) },
    ]);

    expect(await tellGap(parts(now), { from: later(now, -minutes(40)), to: now })).toBe(2);

    const text =
      'I was not connected to WhatsApp from 22 Nov 2026, 10:20 to 22 Nov 2026, 11:00. 2 messages came in that time; they are all in the log now.';
    expect(await queued()).toEqual([text, text]);
  });

  it('is told once', async () => {
    const gap = { from: later(now, -hours(3)), to: now };
    await tellGap(parts(now), gap);

    expect(await tellGap(parts(later(now, minutes(5))), { ...gap, to: later(now, minutes(5)) })).toBe(0);
    expect(await queued()).toHaveLength(2);
  });

  it('is not told of less than a quarter of an hour', async () => {
    expect(await tellGap(parts(now), { from: later(now, -minutes(15) + 1), to: now })).toBe(0);
    expect(await tellGap(parts(now), { from: later(now, -minutes(15)), to: now })).toBe(2);
  });
});

describe('the warning of a silent phone', () => {
  it('comes on days 10, 12 and 13, once each, with the day of the unlinking', async () => {
    const told: number[] = [];
    for (let hour = 0; hour < 24 * 20; hour++) {
      if ((await warnOfSilentPhone(parts(later(now, hours(hour))), now)) > 0) {
        told.push(hour / 24);
      }
    }

    expect(told).toEqual([10, 12, 13]);
    expect((await queued())[0]).toBe(
      '⚠️ I have not heard from the shop’s phone for 10 days. Switch it on and open WhatsApp on it before 6 Dec 2026: on that day WhatsApp ends my link, and I would have to be linked again.',
    );
  });

  it('comes again in a later silence', async () => {
    await warnOfSilentPhone(parts(later(now, days(10))), now);

    expect(await warnOfSilentPhone(parts(later(now, days(21))), later(now, days(11)))).toBe(2);
  });
});
