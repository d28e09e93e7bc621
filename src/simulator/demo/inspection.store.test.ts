import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Address } from '../../contacts/address.ts';
import { resolveContacts } from '../../contacts/contacts.store.ts';
import { joinContacts, undoMerge } from '../../contacts/merge.store.ts';
import { type LogLine, logMessages } from '../../conversations/log.store.ts';
import type { MessageDetails } from '../../conversations/message.ts';
import type { Database } from '../../database/database.ts';
import { attachments, contactMerges, journal, messages, outbox } from '../../database/schema.ts';
import { emptyTestDatabase } from '../../database/test-database.ts';
import { days, later, minutes } from '../../lib/time.ts';
import { tellGap, warnOfSilentPhone } from '../../outbox/link-notices.flow.ts';
import { type Scenario, startScenario } from '../scenario.ts';
import { inspectContact, inspectMessage } from './inspection.store.ts';
import type { Inspection } from './page-state.ts';

const owner: Address = { kind: 'phone', value: '+34600000002' };
const ana: Address = { kind: 'phone', value: '+34600000003' };
const anaLid: Address = { kind: 'lid', value: '333' };

let database: Database;
let scenario: Scenario;

beforeEach(async () => {
  database = await emptyTestDatabase();
  scenario = await startScenario(database);
});

afterEach(() => scenario.stop());

function view() {
  return { timeZone: 'Europe/Madrid', now: scenario.clock.now() };
}

function message(whatsappId: string, ...person: Address[]): Promise<Inspection> {
  return inspectMessage(database, whatsappId, person, view());
}

function contact(...person: Address[]): Promise<Inspection> {
  return inspectContact(database, person, view());
}

function rowsOf({ sections }: Inspection, title: string): Record<string, string> {
  const rows = sections.find((section) => section.title === title)?.rows ?? [];
  return Object.fromEntries(rows.map(({ label, value }) => [label, value]));
}

async function idOf(address: Address): Promise<number> {
  const now = scenario.clock.now();
  const [id] = await resolveContacts(database, [{ addresses: [address], name: undefined }], now);
  return id ?? 0;
}

async function log(whatsappId: string, details: MessageDetails, more: Partial<LogLine> = {}): Promise<void> {
  const now = scenario.clock.now();
  await logMessages(database, [
    {
      contactId: await idOf(ana),
      direction: 'in',
      whatsappId,
      author: 'contact',
      kind: details.kind,
      details,
      sentAt: now,
      loggedAt: now,
      arrival: 'live',
      ...more,
    },
  ]);
}

async function journalise(
  messageId: string,
  attrs: Readonly<Record<string, string>>,
  more: Partial<typeof journal.$inferInsert> & { readonly event?: object } = {},
): Promise<void> {
  const { event, ...row } = more;
  await database.insert(journal).values({
    sessionId: 1,
    author: attrs['from'] ?? '',
    messageId,
    stanza: JSON.stringify({ attrs, fromMe: false, event }),
    ciphertextHash: Buffer.from('SECRET'),
    plaintext: Buffer.from('SECRET'),
    arrivedAt: scenario.clock.now(),
    state: 'done',
    handledAt: scenario.clock.now(),
    ...row,
  });
}

const fromAna = { from: '34600000003@s.whatsapp.net', t: '1795424400' };

describe('a message', () => {
  it('of which nothing is stored says so, and why that may be', async () => {
    const { title, why, sections } = await message('NONE', ana);

    expect(title).toBe('A message that the bot does not have');
    expect(why.slice(0, 2)).toEqual([
      'The bot has stored nothing about this message.',
      'It knows nobody with this address yet.',
    ]);
    expect(sections).toEqual([]);
  });

  it('of the owner leads to the command it was taken for and to the answer, and the answer back to it', async () => {
    await scenario.say('owner', 'status');
    const [sent] = await database.select().from(outbox);

    const asked = await message('MSG1', owner);
    const answered = await message(sent?.whatsappId ?? '', owner);

    expect(asked.title).toBe('A text from owner: “status”');
    expect(asked.why).toEqual([
      'The journal has no arrival under this id.',
      'Written into the log at 10:00:00: a text from owner.',
      'owner is an owner, so the words are read as a command: status.',
      expect.stringMatching(/^The answer “\*Mug Shop\* ✅ .* was queued at 10:00:00\. It is written to the connection/),
    ]);
    expect(answered.why.slice(0, 2)).toEqual([
      'The bot’s answer to “status”, which owner wrote at 10:00:00.',
      'Queued at 10:00:00, in the same transaction that logged the question: one is never stored without the other.',
    ]);
    expect(rowsOf(answered, 'The outbox')).toMatchObject({ Cause: `answer:1:MSG1`, Tries: '1' });
    expect(rowsOf(answered, 'The log')).toMatchObject({ 'Written by': 'the bot', 'How it came': 'sent by the bot' });
  });

  it('of a customer is found under any of the addresses, and says that commands are for staff', async () => {
    await scenario.say('ana', 'status');
    await resolveContacts(database, [{ addresses: [ana, anaLid], name: undefined }], scenario.clock.now());

    const { why } = await message('MSG1', anaLid);

    expect(why).toContain(
      'ana is a customer: the words are logged, and nothing is answered, for commands are for staff.',
    );
  });

  it('belongs to one conversation only', async () => {
    await scenario.say('ana', 'hello');

    expect((await message('MSG1', owner)).title).toBe('A message that the bot does not have');
  });

  it('shows the arrivals that name the person, and not those of somebody else under the same id', async () => {
    await scenario.say('ana', 'hello');
    await journalise('MSG1', fromAna);
    await journalise('MSG1', { from: '34600000004@s.whatsapp.net' }, { state: 'failed', problem: 'not hers' });

    const { why, sections } = await message('MSG1', ana);

    expect(why[0]).toBe(
      'It arrived at 10:00:00, live, and was written into the journal in the same commit that decrypted it.',
    );
    expect(sections.filter(({ title }) => title === 'The journal')).toHaveLength(1);
    expect(JSON.stringify(sections)).not.toContain('not hers');
  });

  it('that the shop’s phone wrote is found by its recipient', async () => {
    await log('OWN', { kind: 'text' }, { direction: 'out', author: 'shop-phone', text: 'Hi' });
    await journalise('OWN', { from: '34600000001@s.whatsapp.net', recipient: '34600000003@s.whatsapp.net' });

    expect((await message('OWN', ana)).why.slice(0, 2)).toEqual([
      'It arrived at 10:00:00, live, and was written into the journal in the same commit that decrypted it.',
      'It was written on the shop’s own phone, by a person and not by the bot. The bot only logs it.',
    ]);
  });

  it('that is a call shows each thing that happened to it', async () => {
    await log('CALL', { kind: 'call', video: false, outcome: 'missed' });
    const event = { kind: 'call', callId: 'CALL', video: false };
    await journalise('CALL/ringing', fromAna, { source: 'event', event: { ...event, outcome: 'ringing' } });
    await journalise('CALL/missed', fromAna, { source: 'event', event: { ...event, outcome: 'missed' } });

    expect((await message('CALL', ana)).why.slice(0, 2)).toEqual([
      'The news that the call rings arrived at 10:00:00 and was written into the journal; calls carry nothing to decrypt.',
      'The news that the call ended unanswered arrived at 10:00:00 and was written into the journal; calls carry nothing to decrypt.',
    ]);
  });

  it('shows what was done to it, by whom, and what its line derives from that', async () => {
    await log('M', { kind: 'text' }, { text: 'Helo', quotedId: 'GONE' });
    const about = { targetId: 'M', sentAt: later(scenario.clock.now(), 1000) };
    await log('E', { kind: 'edit', readable: true }, { ...about, text: 'Hello' });
    await log('R', { kind: 'reaction', emoji: '👍' }, { ...about, text: '👍', direction: 'out', author: 'shop-phone' });
    await log('D', { kind: 'delete' }, { ...about, direction: 'out', author: 'shop-phone' });

    const inspected = await message('M', ana);

    expect(inspected.why.slice(-4)).toEqual([
      'At 10:00:01 +34 600 00 00 03 changed it to “Hello”.',
      'At 10:00:01 somebody on the shop’s own phone reacted with 👍.',
      'At 10:00:01 somebody on the shop’s own phone deleted it for everybody, which changes nothing: only its author may.',
      'It reads “Hello” now; the first words, “Helo”, stay in the log.',
    ]);
    expect(rowsOf(inspected, 'The log')).toMatchObject({
      Words: 'Helo',
      'Words after changes': 'Hello',
      Answers: 'message GONE, which is not in the log',
    });
    expect(inspected.sections.find(({ title }) => title === 'Lines about it')?.rows).toHaveLength(3);
  });

  it('shows its file', async () => {
    await log('V', { kind: 'voice', mime: 'audio/ogg', bytes: 12_000, seconds: 3 });
    const [line] = await database.select({ id: messages.id }).from(messages);
    const fetched = { state: 'stored', file: 'media/2026/11/1.ogg', bytes: 12_000 } as const;
    await database
      .insert(attachments)
      .values({ messageId: line?.id ?? 0, kind: 'file', ...fetched, attempts: 0, nextTryAt: scenario.clock.now() });

    const inspected = await message('V', ana);

    expect(inspected.why).toContain(
      'Its file was fetched: 12 kB, stored as media/2026/11/1.ogg in the bot’s data directory.',
    );
    expect(rowsOf(inspected, 'The file')).toMatchObject({ 'Stored as': 'media/2026/11/1.ogg', Size: '12 kB' });
  });

  it('tells no ciphertext, key, token or raw byte, only how many there are', async () => {
    await log('M', { kind: 'choice', token: 'SECRET' }, { text: 'View cart', raw: Buffer.from('SECRET') });
    await journalise('M', fromAna);
    await scenario.say('owner', 'help');
    await database.update(outbox).set({
      wire: Buffer.from('SECRET'),
      content: { kind: 'choices', text: 'Which?', choices: [{ token: 'SECRET', label: 'A' }], buttons: true },
    });
    const [sent] = await database.select().from(outbox);

    const told = JSON.stringify([await message('M', ana), await message(sent?.whatsappId ?? '', owner)]);

    for (const secret of ['SECRET', Buffer.from('SECRET').toString('hex'), Buffer.from('SECRET').toString('base64')]) {
      expect(told).not.toContain(secret);
    }
    expect(told.match(/6 bytes/g)).toHaveLength(3);
    expect(told).toContain('(kept to itself)');
  });
});

describe('the bot’s own rules are asked again', () => {
  it('when somebody wrote like a machine: first that is said, then nothing', async () => {
    for (let count = 1; count <= 16; count++) {
      scenario.clock.advance(1000);
      await scenario.say('owner', 'help');
    }

    expect((await message('MSG14', owner)).why).toContain(
      'owner is an owner, so the words are read as a command: help.',
    );
    expect((await message('MSG15', owner)).why.slice(2)).toEqual([
      'owner had written 15 messages within two minutes, so the bot took this for an automatic reply and did not act on it.',
      expect.stringMatching(/^The answer “You write so much, so fast/),
    ]);
    expect((await message('MSG16', owner)).why.slice(2)).toEqual([
      'owner had written 16 messages within two minutes, so the bot took this for an automatic reply and did not act on it.',
      'It had said so before and stays silent until it gets quieter.',
      'No answer to it is in the outbox.',
    ]);
  });

  it('in the language of the shop', async () => {
    await scenario.say('owner', 'set shop.language es');
    await scenario.say('owner', 'estado');

    expect((await message('MSG2', owner)).why).toContain(
      'owner is an owner, so the words are read as a command: status.',
    );
  });

  it('when a code made somebody the owner, when it was wrong, and when there was an owner already', async () => {
    await scenario.stop();
    database = await emptyTestDatabase();
    scenario = await startScenario(database, { withOwner: false });
    await scenario.say('ana', 'claim 000000');
    const code = await scenario.firstOwner.code(database, scenario.clock.now());
    await scenario.say('ana', 'Hello');
    scenario.clock.advance(1000);
    await scenario.say('ana', `claim ${code}`);
    scenario.clock.advance(1000);
    await scenario.say('ben', `claim ${code}`);

    expect((await message('MSG1', ana)).why).toContain('It looks like the code for the first owner, which was judged.');
    expect((await message('MSG2', ana)).why).toContain(
      'ana was still a customer: the words are logged, and nothing is answered, for commands are for staff.',
    );
    expect((await message('MSG3', ana)).why).toContain(
      'It is the code of the pairing page: with it ana became an owner.',
    );
    expect((await message('MSG4', { kind: 'phone', value: '+34600000004' })).why.slice(2)).toEqual([
      'It looks like the code for the first owner, but the shop has had an owner since 10:00:01: the code opens nothing, and nothing is answered.',
    ]);
  });
});

describe('a notice', () => {
  const parts = () => ({ database, now: scenario.clock.now(), chooseMessageId: () => 'NOTICE' });

  it('of a time without a link names it', async () => {
    const to = scenario.clock.now();
    await tellGap(parts(), { from: later(to, -minutes(40)), to });

    expect((await message('NOTICE', owner)).why).toEqual([
      'A notice to the owners, for which nobody asked: the bot had been without WhatsApp since 09:20:00.',
      'Queued at 10:00:00.',
      'It has not been sent yet.',
    ]);
  });

  it('of a silent phone names the day', async () => {
    await warnOfSilentPhone(parts(), later(scenario.clock.now(), -days(10)));

    expect((await message('NOTICE', owner)).why[0]).toBe(
      'A notice to the owners, for which nobody asked: the shop’s phone was last heard of at 10:00:00 on 13 Nov 2026, and this is the warning of day 10.',
    );
  });
});

describe('a person', () => {
  it('whom the bot does not know is named by the address', async () => {
    expect(await contact(ana)).toMatchObject({
      title: '+34 600 00 00 03',
      why: ['The bot knows nobody with this address.', expect.stringMatching(/^It learns people when they write/)],
      sections: [],
    });
  });

  it('who is an owner by the environment, and has not written yet', async () => {
    const inspected = await contact(owner);

    expect(inspected.why).toEqual([
      '+34 600 00 00 02 has been an owner since 10:00:00: OWNER_PHONES names +34 600 00 00 02.',
      'Written words of +34 600 00 00 02 are read as commands, and the answer comes in this chat.',
      '+34 600 00 00 02 has not written yet, as far as the log goes.',
      'Messages go to +34 600 00 00 02: no message has come from anywhere else.',
    ]);
    expect(rowsOf(inspected, 'The person')).toMatchObject({ Role: 'owner', 'Role by': 'OWNER_PHONES' });
  });

  it('who is a customer, with what was written and what is waiting for them', async () => {
    await scenario.say('ana', 'Hello');
    await scenario.say('ana', 'Anybody?');
    const row = { contactId: await idOf(ana), kind: 'staff', address: 'phone:+34600000003', content: {} } as const;
    const at = scenario.clock.now();
    await database.insert(outbox).values([
      { ...row, key: 'a', whatsappId: 'W', state: 'queued', queuedAt: at, stateSince: at, attempts: 0 },
      { ...row, key: 'b', whatsappId: 'F', state: 'failed', reason: '403', queuedAt: at, stateSince: at, attempts: 1 },
      { ...row, key: 'c', whatsappId: 'R', state: 'read', queuedAt: at, stateSince: at, attempts: 1 },
    ]);

    const inspected = await contact(ana);

    expect(inspected.why).toEqual([
      'ana is a customer, for no role is stored: what ana writes is logged, and commands are not answered.',
      'Messages go to +34 600 00 00 03: the last message came from there.',
      '1 message to them is not confirmed by WhatsApp yet.',
      '1 message to them did not arrive, as far as the bot knows; the last: WhatsApp does not let the shop write to this person.',
    ]);
    expect(rowsOf(inspected, 'The person')).toMatchObject({
      'Lines of theirs': '2',
      'Lines of the bot': '0',
      'Last line': '“Anybody?” by ana',
    });
    expect(inspected.sections.find(({ title }) => title === 'Not sent or not arrived')?.rows).toHaveLength(2);
  });

  it('whose LID is out of date', async () => {
    await resolveContacts(database, [{ addresses: [anaLid, ana], name: 'Ana' }], scenario.clock.now());
    await database.execute(`update contacts set lid_stale_since = '2026-11-23T08:59:00Z' where name = 'Ana'`);

    expect((await contact(ana)).why).toContain(
      'WhatsApp said at 09:59:00 that the LID is out of date. The new one is asked for under the phone number.',
    );
  });

  it('who was joined with somebody and taken apart again', async () => {
    await scenario.say('owner', 'help');
    const absorbed = await idOf({ kind: 'lid', value: '222' });
    await joinContacts(database, await idOf(owner), absorbed, scenario.clock.now());

    expect((await contact(owner)).why).toContain(
      'Joined with contact 2, who turned out to be the same person, at 10:00:00.',
    );

    const [merge] = await database.select().from(contactMerges);
    await undoMerge(database, merge?.id ?? 0, scenario.clock.now());

    expect((await contact(owner)).why).toContain(
      'Joined with contact 2, who turned out to be the same person, at 10:00:00. They were taken apart again at 10:00:00.',
    );
  });

  it('who may be two: both are shown', async () => {
    await scenario.say('ana', 'Hello');
    await idOf(anaLid);
    await scenario.say('owner', 'help');

    const { why, sections } = await contact(ana, anaLid);

    expect(why[0]).toBe('These addresses belong to 2 contacts that are not known to be one person; here is each.');
    expect(sections.filter(({ title }) => title === 'The person')).toHaveLength(2);
  });
});

it('finds the answer to a question whose contact was absorbed by another since', async () => {
  const kept = await idOf(anaLid);
  await scenario.say('owner', 'help');
  const asked = await idOf(owner);
  await joinContacts(database, kept, asked, scenario.clock.now());

  const [row] = await database.select().from(outbox).where(eq(outbox.contactId, kept));
  expect(row?.key).toBe(`answer:${asked}:MSG1`);
  expect((await message('MSG1', owner)).why.at(-1)).toMatch(/^The answer “/);
});
