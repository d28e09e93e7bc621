import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S_WHATSAPP_NET } from '@whiskeysockets/baileys';
import type { SQL } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Address } from '../contacts/address.ts';
import type { Database } from '../database/database.ts';
import { alwaysHeld, type Lease } from '../database/lease.ts';
import { journal, leases, whatsappSessions } from '../database/schema.ts';
import { emptyTestDatabase, expireLease, robLease, testLease } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { elapsed, hours, minutes, seconds, systemClock } from '../lib/time.ts';
import type { Link, Trouble } from '../outbox/link.ts';
import type { OutgoingContent } from '../outbox/outgoing-content.ts';
import { NotLinked, type Progress } from '../outbox/transport.ts';
import { issueCertificates } from '../simulator/certificate-chain.ts';
import { CompanionSocket } from '../simulator/companion-socket.ts';
import type { Phone } from '../simulator/phone.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { childOf, stanza } from '../simulator/stanza.ts';
import { startWhatsAppServer, type WhatsAppServer } from '../simulator/whatsapp-server.ts';
import { silenceConsole } from './quiet-libraries.ts';
import { WhatsAppSession } from './session.ts';

// One session against the simulated WhatsApp: real Baileys. The session's clock is simulated, Baileys and WhatsApp have the real one.

const shopNumber = '34600000001';

let database: Database;
let clock: SimulatedClock;
let whatsapp: WhatsAppServer;
let shop: Phone;
let ana: Phone;
let session: WhatsAppSession | undefined;
let lease: Lease;
let links: Link[];
let noticeLink: () => void;
let progress: Progress[];
let contents: Map<string, OutgoingContent>;

beforeEach(async () => {
  silenceConsole(silentLog);
  database = await emptyTestDatabase();
  clock = new SimulatedClock(new Date('2026-11-22T10:00:00Z'));
  whatsapp = await startWhatsAppServer({ clock: systemClock });
  shop = whatsapp.addPhone({ number: shopNumber, name: 'Mug Shop' });
  ana = whatsapp.addPhone({ number: '34600000003', name: 'Ana' });
  session = undefined;
  lease = alwaysHeld;
  links = [];
  noticeLink = () => undefined;
  progress = [];
  contents = new Map();
});

afterEach(async () => {
  await session?.stop();
  const { unanswered } = whatsapp;
  await whatsapp.close();
  expect(unanswered).toEqual([]);
});

async function startSession(
  server: { readonly url: string; readonly rootKey: string } = whatsapp,
  through = database,
): Promise<WhatsAppSession> {
  session = new WhatsAppSession({
    database: through,
    lease,
    clock,
    log: silentLog,
    encryptionKey: undefined,
    url: server.url,
    rootKey: server.rootKey,
    chance: () => 0.5,
    dataDirectory: '.',
    async findSent(whatsappId) {
      const content = contents.get(whatsappId);
      return content && { content, wire: undefined };
    },
    rememberWire: async () => undefined,
    onCaughtUp: () => undefined,
    onArrival: () => undefined,
    onProgress: (report) => progress.push(report),
    onLink(link) {
      links.push(link);
      noticeLink();
    },
  });
  await session.start();
  return session;
}

/** Resolves with the first link from now on, the present one included, that matches. */
function linkWhen<Wanted extends Link>(matches: (link: Link) => link is Wanted): Promise<Wanted> {
  return new Promise((resolve) => {
    noticeLink = () => {
      const last = links.at(-1);
      if (last && matches(last)) {
        resolve(last);
      }
    };
    noticeLink();
  });
}

const inState =
  <State extends Link['state']>(state: State) =>
  (link: Link): link is Extract<Link, { state: State }> =>
    link.state === state;

const withTrouble =
  (trouble: Trouble) =>
  (link: Link): link is Extract<Link, { state: 'connecting' }> =>
    link.state === 'connecting' && link.trouble === trouble;

async function startLinkedSession(through = database): Promise<WhatsAppSession> {
  const started = await startSession(whatsapp, through);
  const { qr } = await linkWhen(inState('pairing'));
  await shop.scan(qr);
  await linkWhen(inState('linked'));
  await whatsapp.online(shop);
  await whatsapp.drained();
  links = [];
  return started;
}

async function say(text: string): Promise<string> {
  const id = session?.chooseMessageId() ?? '';
  const content = { kind: 'text', text } as const;
  contents.set(id, content);
  await session?.send({ kind: 'lid', value: ana.lid }, id, content);
  return id;
}

async function arrivedIds(): Promise<string[]> {
  return (await database.select().from(journal)).map(({ messageId }) => messageId);
}

/** Whatever the session does without time passing, it has done. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a link that another program took', () => {
  it('is tried once more when its time is over, and not a second time', async () => {
    await startLinkedSession();
    whatsapp.replaceSession(shop);
    const first = await linkWhen(inState('stopped'));
    expect(first.until && elapsed(first.since, first.until)).toBe(minutes(10));

    clock.advance(minutes(10) - 1);
    await settled();
    expect(session?.link()).toBe(first);
    clock.advance(1);
    await linkWhen(inState('linked'));
    await whatsapp.online(shop);
    links = [];
    whatsapp.replaceSession(shop);
    const second = await linkWhen(inState('stopped'));
    clock.advance(hours(48));
    await settled();

    expect(second).toMatchObject({ because: 'replaced' });
    expect(second.until).toBeUndefined();
    expect(links).toEqual([second]);
  });

  it('is tried again after it had held for longer than a minute', async () => {
    await startLinkedSession();
    whatsapp.replaceSession(shop);
    await linkWhen(inState('stopped'));
    clock.advance(minutes(10));
    await linkWhen(inState('linked'));
    await whatsapp.online(shop);
    clock.advance(minutes(1));

    whatsapp.replaceSession(shop);

    expect((await linkWhen(inState('stopped'))).until).toBeDefined();
  });
});

describe('the LID of a phone number', () => {
  it('is remembered, and asked for anew where what is remembered is out of date', async () => {
    const linked = await startLinkedSession();
    const phone: Address = { kind: 'phone', value: `+${ana.number}` };
    const nobody: Address = { kind: 'phone', value: '+34600000099' };
    expect(await linked.findLids([phone, nobody])).toEqual([{ phone, lid: { kind: 'lid', value: ana.lid } }]);
    ana.changeLid();
    const renewed = [{ phone, lid: { kind: 'lid', value: ana.lid } }];

    expect(await linked.findLids([phone])).not.toEqual(renewed);
    expect(await linked.askForLids([phone, nobody])).toEqual(renewed);
    expect(await linked.findLids([phone])).toEqual(renewed);
  });
});

describe('a pairing code', () => {
  it('that WhatsApp refuses is not shown', async () => {
    const refusing = await startRefusingServer();
    const started = await startSession(refusing);
    await linkWhen(inState('pairing'));

    const outcome = await started.requestPairingCode(`+${shopNumber}`);

    expect(outcome).toEqual({ ok: false, because: 'refused' });
    expect(links.filter((link) => link.state === 'pairing' && link.code !== undefined)).toEqual([]);
    await started.stop();
    session = undefined;
    await refusing.close();
  });

  it('cannot be asked for before WhatsApp is reached', async () => {
    whatsapp.stopListening();
    const started = await startSession();

    expect(await started.requestPairingCode(`+${shopNumber}`)).toEqual({ ok: false, because: 'too-early' });
  });

  it('that nobody has typed leaves no trace: the picture of the next round still links', async () => {
    const started = await startSession();
    await linkWhen(inState('pairing'));
    const outcome = await started.requestPairingCode(`+${shopNumber}`);
    expect(started.link()).toMatchObject({ state: 'pairing', code: outcome.ok ? outcome.code : 'a code' });

    whatsapp.dropConnections();
    await linkWhen(inState('connecting'));
    clock.advance(seconds(5));
    const { qr, code } = await linkWhen(inState('pairing'));
    await shop.scan(qr);

    expect(code).toBeUndefined();
    expect(await linkWhen(inState('linked'))).toMatchObject({ phone: `+${shopNumber}` });
  });

  it('does not keep the picture beside it from linking', async () => {
    const started = await startSession();
    const { qr } = await linkWhen(inState('pairing'));
    await started.requestPairingCode('+34600000009');

    await shop.scan(qr);

    expect(await linkWhen(inState('linked'))).toMatchObject({ phone: `+${shopNumber}` });
  });
});

describe('a login whose database goes away', () => {
  it('is opened anew and links again without pairing, and the message that could not be stored arrives', async () => {
    let away = false;
    const through = withExecute((run) => (away ? Promise.reject(new Error('away')) : run()));
    await startLinkedSession(through);

    away = true;
    const { id } = await ana.send(shopNumber, 'Do you have blue mugs?');
    const { trouble } = await letTimePassUntil(linkWhen(inState('connecting')));
    expect(trouble).toBe('database-unavailable');
    expect(await arrivedIds()).not.toContain(id);
    away = false;
    await letTimePassUntil(linkWhen(inState('linked')));
    await whatsapp.online(shop);
    await whatsapp.drained();

    expect(links.map(({ state }) => state)).not.toContain('pairing');
    expect(await arrivedIds()).toContain(id);
    expect(await database.select().from(whatsappSessions)).toMatchObject([{ endedAt: null }]);
    await say('Yes, we do');
    expect(await ana.nextMessage()).toMatchObject({ text: 'Yes, we do' });
    expect(whatsapp.mostSocketsOfOneDevice).toBe(1);
  });

  it('is no longer blamed for what ends a connection later', async () => {
    let away = false;
    await startLinkedSession(withExecute((run) => (away ? Promise.reject(new Error('away')) : run())));
    away = true;
    await ana.send(shopNumber, 'Hello?');
    await letTimePassUntil(linkWhen(inState('connecting')));
    away = false;
    await letTimePassUntil(linkWhen(inState('linked')));
    await whatsapp.online(shop);

    whatsapp.dropConnections();

    expect(await linkWhen(inState('connecting'))).toMatchObject({ trouble: 'connection-lost' });
  });
});

describe('a session beside another process', () => {
  it('stands by without a connection, and links when the lease is free', async () => {
    lease = testLease(database, clock);
    await robLease(database);

    await startSession();
    await linkWhen(inState('standby'));
    clock.advance(seconds(1));
    await settled();
    expect(links.map(({ state }) => state)).toEqual(['standby']);
    expect(await database.select().from(whatsappSessions)).toEqual([]);

    await expireLease(database);
    await letTimePassUntil(linkWhen(inState('pairing')));
  });

  it('leaves WhatsApp at once when the lease was taken, stores nothing more, and goes on later from what is stored', async () => {
    lease = testLease(database, clock);
    await startLinkedSession();
    await robLease(database);

    const { id } = await ana.send(shopNumber, 'Do you have blue mugs?');
    await linkWhen(inState('standby'));
    await whatsapp.noSockets();
    expect(await arrivedIds()).not.toContain(id);
    await expect(say('too late')).rejects.toThrow(NotLinked);

    await expireLease(database);
    await letTimePassUntil(linkWhen(inState('linked')));
    await whatsapp.online(shop);
    await whatsapp.drained();
    expect(await arrivedIds()).toContain(id);
    expect(whatsapp.mostSocketsOfOneDevice).toBe(1);
  });

  it('has left WhatsApp before another can take over when it is cut off from the database, and comes back by itself', async () => {
    let away = false;
    const through = withExecute((run) => (away ? Promise.reject(new Error('away')) : run()));
    lease = testLease(through, clock);
    await startLinkedSession(through);
    away = true;

    const since = clock.now();
    await letTimePassUntil(whatsapp.noSockets());
    expect(elapsed(since, clock.now())).toBeLessThan(seconds(12));
    expect(await letTimePassUntil(linkWhen(withTrouble('database-unavailable')))).toBeDefined();

    away = false;
    await letTimePassUntil(linkWhen(inState('linked')));
    expect(whatsapp.mostSocketsOfOneDevice).toBe(1);
  });
});

describe('a linked session', () => {
  it('never says that somebody is online, which would silence the phone', async () => {
    await startLinkedSession();

    const { envelopes } = await ana.send(shopNumber, 'Hello?');
    await whatsapp.drained();

    const presences = envelopes
      .filter(({ device }) => device.identity.number === shopNumber)
      .map(({ device }) => device.presence);
    expect(presences).toEqual(['unavailable']);
  });

  it('sends the same message again to a phone that cannot read it', async () => {
    await startLinkedSession();
    await say('Hello');
    await ana.nextMessage();
    await ana.forgetSessions();

    const id = await say('Your order is on its way');

    expect(await ana.nextMessage()).toMatchObject({ id, text: 'Your order is on its way' });
    expect(ana.retriesAsked).toBeGreaterThan(0);
    expect(ana.chats.with(shopNumber).filter((message) => message.id === id)).toHaveLength(1);
    await expect.poll(() => progress).toContainEqual({ kind: 'delivered', whatsappId: id });
  });

  it('sends it again also after a restart, from what is stored of it', async () => {
    const first = await startLinkedSession();
    await say('Hello');
    await ana.nextMessage();
    await ana.forgetSessions();
    ana.switchOff();
    const id = await say('Your order is on its way');
    await expect.poll(() => progress).toContainEqual({ kind: 'accepted', whatsappId: id });
    await first.stop();
    links = [];
    await startSession();
    await linkWhen(inState('linked'));
    await whatsapp.online(shop);

    ana.switchOn();

    expect(await ana.nextMessage()).toMatchObject({ id, text: 'Your order is on its way' });
    expect(ana.retriesAsked).toBeGreaterThan(0);
  });
});

/** The same database, with `execute` replaced: the way by which keys are read and written. */
function withExecute(execute: (run: () => Promise<unknown>) => Promise<unknown>): Database {
  return new Proxy(database, {
    get(target, property) {
      if (property === 'execute') {
        return (query: SQL) => execute(async () => target.execute(query));
      }
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The session's pauses pass as fast as it asks for them. */
async function letTimePassUntil<Result>(outcome: Promise<Result>): Promise<Result> {
  let over = false;
  const end = outcome.finally(() => {
    over = true;
  });
  while (!over) {
    // A question to the database in between, so that the answers to others have their time too.
    await database.select().from(leases);
    clock.advance(100);
  }
  return end;
}

/** A WhatsApp that offers pairing by picture and refuses every request for a code. */
async function startRefusingServer() {
  const certificates = issueCertificates(systemClock.now());
  const http = createServer();
  const websockets = new WebSocketServer({ server: http });
  websockets.on('connection', (ws) => {
    const socket = new CompanionSocket({
      ws,
      certificates,
      onTrouble: (error) => expect.fail(String(error)),
      onHandshake(proven) {
        proven.setOwner({
          closed: () => undefined,
          hear(heard) {
            if (childOf(heard, 'link_code_companion_reg')) {
              const { id } = heard.attrs;
              const refusal = stanza('error', { code: '429', text: 'rate-overlimit' });
              proven.send(stanza('iq', { from: S_WHATSAPP_NET, id, type: 'error' }, [refusal]));
            }
          },
        });
        const references = ['first', 'second'].map((text) => stanza('ref', {}, Buffer.from(text)));
        const attributes = { from: S_WHATSAPP_NET, type: 'set', id: 'pairing-1', xmlns: 'md' };
        socket.send(stanza('iq', attributes, [stanza('pair-device', {}, references)]));
      },
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws/chat`,
    rootKey: certificates.rootKey,
    async close() {
      websockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
