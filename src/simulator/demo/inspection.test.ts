import { describe, expect, it } from 'vitest';
import type { MessageDetails } from '../../conversations/message.ts';
import { days, hours, later, minutes, seconds } from '../../lib/time.ts';
import { en } from '../../texts/en.ts';
import type {
  Attachment,
  JournalEntry,
  KnownPerson,
  Line,
  LoggedMessage,
  MessageFacts,
  Outgoing,
} from './inspected-facts.ts';
import { describeContact, describeMessage } from './inspection.ts';
import { addressInWords, quote, sizeOf, timeOf } from './inspection-words.ts';

const now = new Date('2026-11-23T09:00:00Z');
const view = { timeZone: 'Europe/Madrid', now };

function person(more: Partial<KnownPerson> = {}): KnownPerson {
  const nothing = { lastAddress: null, mergedInto: null, lidStaleSince: null, privateSince: null };
  const contact = { id: 7, name: 'Olga', createdAt: now, ...nothing };
  return { contact, addresses: [], member: undefined, ...more };
}

function staff(role: 'owner' | 'manager' | 'advisor', since = later(now, -hours(1))): KnownPerson {
  return person({ member: { contactId: 7, role, source: 'environment', since } });
}

function line(details: MessageDetails, more: Partial<Line> = {}): Line {
  return {
    id: 1,
    contactId: 7,
    direction: 'in',
    whatsappId: 'M',
    author: 'contact',
    kind: details.kind,
    text: null,
    sentAt: now,
    loggedAt: now,
    arrival: 'live',
    details,
    quotedId: null,
    targetId: null,
    editedText: null,
    editedAt: null,
    deletedAt: null,
    rawBytes: null,
    ...more,
  };
}

function logged(one: Line, more: Partial<LoggedMessage> = {}): LoggedMessage {
  const nothing = { quoted: undefined, target: undefined, attachment: undefined, answer: undefined };
  return { ...nothing, person: person(), line: one, about: [], recentTexts: [], ...more };
}

function said(text: string, who: KnownPerson): LoggedMessage {
  return logged(line({ kind: 'text' }, { text }), { person: who, recentTexts: [text] });
}

function arrival(more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id: 1,
    sessionId: 1,
    source: 'message',
    author: '333@lid',
    messageId: 'M',
    plaintextBytes: 12,
    offline: false,
    event: undefined,
    arrivedAt: now,
    state: 'done',
    problem: null,
    handledAt: now,
    ...more,
  };
}

function outgoing(more: Partial<Outgoing> = {}): Outgoing {
  return {
    id: 1,
    key: 'answer:7:Q',
    contactId: 7,
    kind: 'staff',
    address: 'phone:+34600000002',
    content: { kind: 'text', text: 'Hello' },
    wireBytes: null,
    whatsappId: 'BOT1',
    state: 'sent',
    reason: null,
    queuedAt: now,
    firstTriedAt: now,
    stateSince: now,
    attempts: 1,
    ...more,
  };
}

function facts(more: Partial<MessageFacts> = {}): MessageFacts {
  const nothing = { outgoing: undefined, question: undefined, ownedSince: undefined };
  return { ...nothing, addresses: [], people: [person()], journal: [], logged: [], texts: en, ...more };
}

function why(more: Partial<MessageFacts>): readonly string[] {
  return describeMessage(facts(more), view).why;
}

describe('how a message arrived', () => {
  it.each<[string, Partial<JournalEntry>, string]>([
    [
      'while the bot was connected',
      {},
      'It arrived at 10:00:00, live, and was written into the journal in the same commit that decrypted it.',
    ],
    [
      'after WhatsApp had kept it',
      { offline: true },
      'WhatsApp had kept it while the bot was away; it arrived at 10:00:00 and was written into the journal in the same commit that decrypted it.',
    ],
    [
      'without being readable',
      { source: 'event', event: { kind: 'unreadable', because: 'undecryptable' } },
      'It arrived at 10:00:00, live, and could not be decrypted; that much was written into the journal.',
    ],
    [
      'without its content',
      { source: 'event', event: { kind: 'unreadable', because: 'absent' } },
      'It arrived at 10:00:00, live, without its content; that much was written into the journal.',
    ],
  ])('%s', (_what, entry, expected) => {
    expect(why({ journal: [arrival(entry)] })[0]).toBe(expected);
  });

  it.each<[string, Partial<JournalEntry>, readonly LoggedMessage[], string]>([
    ['waits', { state: 'pending' }, [], 'It waits in the journal to be taken into the log.'],
    [
      'was set aside',
      { state: 'failed', problem: 'RangeError: 7' },
      [],
      'It could not be read (RangeError: 7) and was set aside at 10:00:00. Nothing is lost: the journal keeps it and the command replay tries it again.',
    ],
    [
      'was set aside with a line in its place',
      { state: 'failed', problem: 'RangeError: 7' },
      [logged(line({ kind: 'unreadable', because: 'undecryptable' }))],
      'It could not be read (RangeError: 7) and was set aside at 10:00:00. Nothing is lost: the journal keeps it, a line in the log stands in for it, and the command replay tries it again.',
    ],
    [
      'left no line',
      {},
      [],
      'It was handled at 10:00:00 and left no line in the log: it is of a kind that the log does not keep.',
    ],
  ])('and %s', (_what, entry, lines, expected) => {
    expect(why({ journal: [arrival(entry)], logged: lines })[1]).toBe(expected);
  });

  it.each<[string, Partial<Line>, string]>([
    [
      'from the history',
      { arrival: 'history' },
      'It came with the history of the shop’s phone. What comes so is logged and never answered.',
    ],
    [
      'so long ago that the journal has forgotten it',
      { loggedAt: later(now, -days(31)) },
      'How it arrived is no longer in the journal: what was handled is forgotten after 30 days.',
    ],
    ['in a way that is not known', {}, 'The journal has no arrival under this id.'],
  ])('%s', (_what, more, expected) => {
    expect(why({ logged: [logged(line({ kind: 'text' }, { text: 'Hi', ...more }))] })[0]).toBe(expected);
  });
});

describe('what follows from a message', () => {
  const customer = 'Olga is a customer: the words are logged, and nothing is answered, for commands are for staff.';

  it.each<[string, LoggedMessage, string]>([
    ['words of a customer', said('help', person()), customer],
    [
      'words from before the role was given',
      said('help', staff('owner', later(now, 1))),
      'Olga was still a customer: the words are logged, and nothing is answered, for commands are for staff.',
    ],
    ['a command', said('/HELP set', staff('owner')), 'Olga is an owner, so the words are read as a command: help.'],
    [
      'a command that the role may not use',
      said('set shop.name X', staff('advisor')),
      'Olga is an advisor, so the words are read as a command: set, which an advisor may not use.',
    ],
    [
      'words that are no command',
      said('good morning', staff('manager')),
      expect.stringMatching(
        /^Olga is a manager, so the words are read as a command\. There is none called “good morning”; the nearest: \w+, \w+, \w+\.$/,
      ),
    ],
    [
      'a letter',
      said('x'.repeat(2001), staff('owner')),
      'Olga is an owner, so the words are read as a command; with more than 2,000 characters they are too long for one.',
    ],
    [
      'a code that nobody has judged well',
      said('claim 123456', person()),
      'It looks like the code for the first owner, which was judged; whoever tries too often is told nothing more.',
    ],
    [
      'a picture',
      logged(line({ kind: 'image', mime: 'image/jpeg', bytes: 1 }), { person: staff('owner') }),
      'Only written words and taps on the bot’s own buttons are acted upon; a picture is logged, whoever sends it.',
    ],
    [
      'a tap on a button of the bot',
      logged(line({ kind: 'choice', token: 'command:help' }), { person: staff('owner') }),
      'Olga is an owner, so the tap is read as a command: help.',
    ],
    [
      'a tap of a customer',
      logged(line({ kind: 'choice', token: 'command:help' })),
      'Olga is a customer: the tap is logged, and nothing is answered, for commands are for staff.',
    ],
    [
      'words that were late',
      logged(line({ kind: 'text' }, { text: 'help', sentAt: later(now, -minutes(2)) }), { person: staff('owner') }),
      'It had been sent at 09:58:00, by WhatsApp’s clock.',
    ],
    [
      'words of yesterday',
      logged(line({ kind: 'text' }, { text: 'help', sentAt: later(now, -hours(12)) }), { person: staff('owner') }),
      'It was more than 12 hours old when it arrived: it is logged, and answered no more.',
    ],
    [
      'a message that could not be read',
      logged(line({ kind: 'unreadable', because: 'absent' })),
      'When the message can be read, it takes this line’s place.',
    ],
    [
      'a message to be looked at once',
      logged(line({ kind: 'unreadable', because: 'view-once' })),
      'It may be looked at once, and WhatsApp shows such messages on phones only.',
    ],
  ])('%s', (_what, one, expected) => {
    expect(why({ journal: [arrival()], logged: [one] })).toContainEqual(expected);
  });

  it('is nothing when somebody at the shop wrote it', () => {
    const own = logged(line({ kind: 'text' }, { text: 'help', direction: 'out', author: 'shop-phone' }));

    expect(why({ journal: [arrival()], logged: [own] }).slice(1)).toEqual([
      'It was written on the shop’s own phone, by a person and not by the bot. The bot only logs it.',
      'Written into the log at 10:00:00: a text to Olga.',
    ]);
  });

  it('is said as an answer only when there is one', () => {
    const asked = said('help', staff('owner'));
    const answered = { ...asked, answer: outgoing({ state: 'read' }) };

    expect(why({ logged: [asked] }).at(-1)).toBe('No answer to it is in the outbox.');
    expect(why({ logged: [answered] }).at(-1)).toBe('The answer “Hello” was queued at 10:00:00. It is read now.');
  });
});

describe('the file of a message', () => {
  const file = { messageId: 1, kind: 'file', file: null, bytes: null, problem: null } as const;

  it.each<[Partial<Attachment>, string]>([
    [{ state: 'pending' }, 'Its file is fetched afterwards, so that the log never waits; it has not been tried yet.'],
    [
      { state: 'pending', attempts: 2, problem: 'timeout', nextTryAt: later(now, minutes(2)) },
      'Its file is not fetched yet: 2 tries failed (timeout). The next is due at 10:02:00.',
    ],
    [
      { state: 'stored', file: 'media/1.jpg', bytes: 1_234_567 },
      'Its file was fetched: 1.2 MB, stored as media/1.jpg in the bot’s data directory.',
    ],
    [{ state: 'stored', kind: 'order' }, 'Its lines were fetched: products, quantities and prices are with the line.'],
    [
      { state: 'too-large', problem: '70 bytes' },
      'Its file is too large to be kept (70 bytes); it stays with WhatsApp and on the phones.',
    ],
    [{ state: 'gone', problem: 'nobody has it' }, 'Its file is not to be had (nobody has it).'],
    [
      { state: 'failed', attempts: 6, problem: 'timeout' },
      'Its file is not fetched: 6 tries failed (timeout), and it is not tried any more.',
    ],
  ])('%o', (more, expected) => {
    const attachment = { ...file, attempts: 0, nextTryAt: now, state: 'pending' as const, ...more };
    const one = logged(line({ kind: 'image', mime: 'image/jpeg', bytes: 1 }), { attachment });

    expect(why({ logged: [one] })).toContain(expected);
  });

  it('is not fetched when it is of the history', () => {
    const one = logged(line({ kind: 'image', mime: 'image/jpeg', bytes: 1 }, { arrival: 'history' }));

    expect(why({ logged: [one] })).toContain(
      'Its file is not fetched: those of an old history have mostly gone, and nobody waits for them.',
    );
  });
});

describe('a message of the bot', () => {
  it.each<[Partial<Outgoing>, string]>([
    [{ state: 'queued', firstTriedAt: null, attempts: 0 }, 'It has not been sent yet.'],
    [{ state: 'sending' }, 'It is being handed to the connection since 10:00:00.'],
    [{ state: 'sent' }, 'Written to the connection at 10:00:00; WhatsApp has not confirmed it yet.'],
    [{ state: 'accepted' }, 'WhatsApp took it at 10:00:00; the other phone has not confirmed it yet.'],
    [{ state: 'delivered' }, 'It reached the other phone; that was confirmed at 10:00:00.'],
    [{ state: 'read' }, 'It reached the other phone and was read; that was confirmed at 10:00:00.'],
    [
      { state: 'failed', reason: '404' },
      'It failed at 10:00:00. The bot’s words for that: “this number is not on WhatsApp.”',
    ],
    [
      { state: 'failed', reason: '999' },
      'It failed at 10:00:00. The bot’s words for that: “WhatsApp refused it (code 999).”',
    ],
    [{ state: 'dropped' }, 'It was dropped at 10:00:00. No reason was noted.'],
    [
      { state: 'unknown', reason: 'interrupted' },
      'Since 10:00:00 nobody knows whether it arrived. The bot’s words for that: “the connection broke in the middle, and I cannot tell whether it arrived. Look into the chat on the shop’s phone.”',
    ],
  ])('in the state %o says how far it came', (more, expected) => {
    expect(why({ outgoing: outgoing(more) }).at(-1)).toBe(expected);
  });

  it.each<[string, Partial<Outgoing>, readonly string[]]>([
    [
      'that went at once',
      {},
      ['Taken for sending at 10:00:00 and written into the log in the same transaction, before it left.'],
    ],
    [
      'that waited, to a customer',
      { kind: 'reply', queuedAt: later(now, -minutes(3)) },
      [
        'It waited 3 minutes: a message goes out when there is a link to WhatsApp and it is its turn, and customers are shown “typing…” first.',
        'Taken for sending at 10:00:00 and written into the log in the same transaction, before it left.',
      ],
    ],
    [
      'that still waits',
      { state: 'queued', queuedAt: later(now, -seconds(30)), firstTriedAt: null, attempts: 0 },
      ['It has been waiting 30 seconds: a message goes out when there is a link to WhatsApp and it is its turn.'],
    ],
    [
      'that had to be tried again, and waits for it',
      { state: 'queued', attempts: 2, stateSince: later(now, -minutes(1)) },
      [
        'Taken for sending at 10:00:00 and written into the log in the same transaction, before it left.',
        'It took 2 tries, all under the same id, which a phone shows once.',
        'Whether it left was in doubt, so it was queued again at 09:59:00, under the same id.',
      ],
    ],
  ])('%s says why', (_what, more, expected) => {
    expect(why({ outgoing: outgoing(more) }).slice(2, -1)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['answer:7:Q', 'The bot’s answer to the message Q, which is not in the log of this conversation.'],
    ['morning', 'Queued at 10:00:00; the outbox names its cause morning.'],
  ])('says what caused it (%s)', (key, expected) => {
    expect(why({ outgoing: outgoing({ key }) })[0]).toBe(expected);
  });
});

it.each<[Partial<Line>, string]>([
  [
    { kind: 'vote', details: { kind: 'vote', options: ['Red', 'Blue'] } },
    'At 10:00:00 Olga voted for “Red” and “Blue”.',
  ],
  [{ kind: 'vote', details: { kind: 'vote', options: [] } }, 'At 10:00:00 Olga took the vote back.'],
  [{ kind: 'vote', details: { kind: 'vote' } }, 'At 10:00:00 Olga voted, and the vote could not be read.'],
  [{ kind: 'reaction' }, 'At 10:00:00 Olga took the reaction back.'],
  [{ kind: 'edit' }, 'At 10:00:00 Olga changed it in a form that could not be read.'],
  [{ kind: 'delete' }, 'At 10:00:00 Olga deleted it for everybody.'],
])('tells what was done to a message: %o', (act, expected) => {
  const one = logged(line({ kind: 'text' }), { about: [line({ kind: 'text' }, act)] });

  expect(why({ logged: [one] })).toContain(expected);
});

describe('a person', () => {
  const empty = {
    conversation: undefined,
    merges: [],
    answersGoTo: undefined,
    lines: { contact: 1, bot: 0, 'shop-phone': 0 },
    lastLine: undefined,
    unsettled: [],
  };

  it('who became the owner by the code, and has no address', () => {
    const member = { contactId: 7, role: 'owner', source: 'claim', since: now } as const;

    expect(describeContact({ addresses: [], people: [{ ...empty, person: person({ member }) }] }, view).why).toEqual([
      'Olga has been an owner since 10:00:00: the code of the pairing page was sent from here.',
      'Written words of Olga are read as commands, and the answer comes in this chat.',
      'There is no address to write to.',
    ]);
  });

  it('who was taken over by another contact says so from their side too', () => {
    const merge = { id: 1, keptId: 3, absorbedId: 7, mergedAt: now, undoneAt: null, absorbedName: 'Olga' };

    expect(
      describeContact({ addresses: [], people: [{ ...empty, person: person(), merges: [merge] }] }, view).why,
    ).toContain('Joined with contact 3, as the same person, at 10:00:00.');
  });
});

describe('in words', () => {
  it.each<[Date, string]>([
    [new Date('2026-11-22T23:00:00Z'), '00:00:00'],
    [new Date('2026-11-22T22:59:59Z'), '23:59:59 on 22 Nov 2026'],
  ])('the time %s is told on the shop’s clocks, with its date when it is not today', (instant, expected) => {
    expect(timeOf(instant, view)).toBe(expected);
  });

  it.each<[number, string]>([
    [1, '1 byte'],
    [999, '999 bytes'],
    [12_345, '12.3 kB'],
    [64_000_000, '64 MB'],
  ])('%i bytes are %s', (bytes, expected) => {
    expect(sizeOf(bytes)).toBe(expected);
  });

  it.each<[Parameters<typeof addressInWords>[0], string]>([
    [{ kind: 'phone', value: '+34600000003' }, '+34 600 00 00 03'],
    [{ kind: 'lid', value: '333' }, 'LID 333 (WhatsApp’s hidden id)'],
    [{ kind: 'username', value: 'ana' }, '@ana'],
  ])('%o is %s', (address, expected) => {
    expect(addressInWords(address)).toBe(expected);
  });

  it('words are quoted short, in one line, without their own quotation marks', () => {
    expect(quote(' I said\n“no” ')).toBe('“I said ‘no’”');
    expect([...quote('🦤'.repeat(61))]).toHaveLength(62);
  });
});
