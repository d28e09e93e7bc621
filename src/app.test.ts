import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { and, asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from './database/database.ts';
import { contactAddresses, messages, outbox, whatsappSessions } from './database/schema.ts';
import { emptyTestDatabase } from './database/test-database.ts';
import { systemClock } from './lib/time.ts';
import { queueMessage } from './outbox/outbox.store.ts';
import { ShopStage } from './simulator/shop-stage.ts';

// The whole bot against the simulated WhatsApp: real Baileys, real encryption, a real database.

let database: Database;
let stage: ShopStage;

beforeEach(async () => {
  database = await emptyTestDatabase();
  stage = await ShopStage.open(database);
});

afterEach(async () => {
  expect(await stage.close()).toEqual([]);
});

describe('the operator', () => {
  it('hears by the second way that WhatsApp has locked the account, at once and in full sentences', async () => {
    const alerts: unknown[] = [];
    const operator = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => {
        body += piece;
      });
      request.on('end', () => {
        alerts.push(JSON.parse(body));
        response.end();
      });
    });
    operator.listen(0, '127.0.0.1');
    await once(operator, 'listening');
    stage.alertUrl = `http://127.0.0.1:${(operator.address() as AddressInfo).port}/`;
    await stage.startLinkedBot();

    stage.whatsapp.setFaults({ nextLogin: { kind: 'failure', reason: 403 } });
    stage.whatsapp.sendStreamError(stage.shop, 515);

    await expect.poll(() => alerts).toHaveLength(1);
    expect(alerts).toMatchObject([
      {
        text: expect.stringMatching(
          /^⚠️ Mug Shop: the bot has not been connected to WhatsApp since .* Then restart Shopbell\.$/,
        ),
        shop: 'Mug Shop',
        state: 'WhatsApp has locked the account',
      },
    ]);
    operator.closeAllConnections();
    operator.close();
  });
});

describe('the bot', () => {
  it('links by QR, logs a customer without answering, and answers its owner', async () => {
    await stage.startLinkedBot();

    await stage.ana.send(stage.shop.number, 'Do you have blue mugs?');
    const answer = await stage.ask(stage.owner, 'help');
    await stage.whatsapp.drained();

    expect(answer).toContain('*Mug Shop* — this is what you can ask me');
    expect(await loggedFrom('contact')).toEqual([
      { text: 'help', direction: 'in', phone: `+${stage.owner.number}` },
      { text: 'Do you have blue mugs?', direction: 'in', phone: '+34600000003' },
    ]);
    expect(stage.ana.chats.with(stage.shop.number).filter(({ from }) => from === stage.shop.number)).toEqual([]);
    expect(await database.select().from(whatsappSessions)).toHaveLength(1);
  });

  it('links by a code that is typed on the phone', async () => {
    await stage.startBot();
    await stage.linkWhen('pairing');

    const answer = await stage.page('/pair/code', {
      method: 'POST',
      body: new URLSearchParams({ phone: '+34 600 000 001' }),
    });
    const { code } = (await answer.json()) as { code: string };
    await stage.shop.enterPairingCode(code);
    await stage.linkWhen('linked');

    expect(code).toMatch(/^[0-9A-Z]{8}$/);
    expect(await stage.ask(stage.owner, 'help')).toContain('Mug Shop');
  });

  it('lets the first owner in by the code of the pairing page', async () => {
    await stage.startLinkedBot([]);
    const { claimCode } = (await (await stage.page('/pair.json')).json()) as { claimCode: string };

    expect(await stage.ask(stage.ana, `claim ${claimCode}`)).toContain(
      'You are now the owner of the bot of *Mug Shop*',
    );

    expect(await stage.ask(stage.ana, 'status')).toContain('Owners: 1');
    expect(await (await stage.page('/pair.json')).json()).not.toHaveProperty('claimCode');
  });

  it('learns the new LID of somebody to whose old one it wrote, and knows them by it', async () => {
    await stage.startLinkedBot();
    await stage.ask(stage.owner, 'help');
    const oldLid = stage.owner.lid;
    const ownerOf = async (lid: string) => {
      const [row] = await database.select().from(contactAddresses).where(eq(contactAddresses.value, lid));
      return row?.contactId;
    };
    stage.owner.changeLid();
    const content = { kind: 'text', text: 'Good morning' } as const;
    const message = { key: 'morning', contactId: (await ownerOf(oldLid)) ?? 0, kind: 'staff', content } as const;
    await queueMessage(database, { ...message, whatsappId: 'MORNING' }, systemClock.now());

    // Something arrives, so the queue is looked at.
    await stage.ana.send(stage.shop.number, 'Hello');
    expect(await stage.owner.nextMessage(({ from }) => from === stage.shop.number)).toMatchObject({
      text: 'Good morning',
    });

    await expect.poll(() => ownerOf(stage.owner.lid)).toBe(await ownerOf(oldLid));
    expect(await stage.ask(stage.owner, 'help')).toContain('*Mug Shop* — this is what you can ask me');
  });

  it('follows an answer of its own from sent to read', async () => {
    await stage.startLinkedBot();
    await stage.ask(stage.owner, 'help');
    stage.owner.markRead(stage.shop.number);

    await stage.shop.ticks(stage.owner.chats.with(stage.shop.number).at(-1)?.id ?? '', 'read');
    await expect.poll(async () => (await database.select().from(outbox)).map(({ state }) => state)).toEqual(['read']);
  });

  it('logs what the shop types on its own phone, and what came while it was away', async () => {
    await stage.startLinkedBot();
    await stage.stopBot();
    await stage.ana.send(stage.shop.number, 'Are you there?');
    await stage.shop.send('34600000003', 'Yes, how can I help?');
    stage.links.length = 0;
    await stage.startBot();
    await stage.linkWhen('linked');
    await stage.whatsapp.online(stage.shop);
    await stage.whatsapp.drained();

    await expect
      .poll(() => loggedFrom('shop-phone'))
      .toEqual([{ text: 'Yes, how can I help?', direction: 'out', phone: '+34600000003' }]);
    expect(await loggedFrom('contact')).toEqual([{ text: 'Are you there?', direction: 'in', phone: '+34600000003' }]);
    expect(await database.select({ arrival: messages.arrival }).from(messages)).toEqual([
      { arrival: 'offline' },
      { arrival: 'offline' },
    ]);
  });

  it('takes a message of 60 kB from a customer whole', async () => {
    await stage.startLinkedBot();
    const text = 'ñandú 🦤 '.repeat(6000);

    await stage.ana.send(stage.shop.number, text);
    await stage.whatsapp.drained();

    await expect.poll(async () => (await loggedFrom('contact'))[0]?.text).toBe(text);
  });

  it.each(['lid', 'pn'] as const)(
    'answers 300 questions in bursts from 10 people at once, and no phone asks for a retry (%s addressing)',
    async (addressing) => {
      const people = Array.from({ length: 10 }, (_, index) =>
        stage.whatsapp.addPhone({ number: `3460000010${index}`, name: `Member ${index}`, addressing }),
      );
      await stage.startLinkedBot(people.map(({ number }) => number));

      for (let burst = 0; burst < 6; burst++) {
        const questions = Array.from({ length: 5 }, (_, index) => `help ${burst}${index}`);
        await Promise.all(
          people.flatMap((person) => [
            ...questions.map((question) => person.send(stage.shop.number, question)),
            ...questions.map(() => person.nextMessage(({ from }) => from === stage.shop.number)),
          ]),
        );
      }

      const answers = people.map(
        (person) => person.chats.with(stage.shop.number).filter(({ from }) => from === stage.shop.number).length,
      );
      expect(answers).toEqual(people.map(() => 30));
      expect(people.map(({ retriesAsked, retriesAnswered }) => retriesAsked + retriesAnswered)).toEqual(
        people.map(() => 0),
      );
      expect(stage.whatsapp.refusals).toEqual([]);
      expect(stage.whatsapp.idsSeenTwice).toEqual([]);
    },
    120_000,
  );
});

describe('when the link breaks', () => {
  it('connects again by itself after the connection was cut, and loses nothing', async () => {
    await stage.startLinkedBot();
    stage.links.length = 0;
    stage.whatsapp.dropConnections();
    await stage.ana.send(stage.shop.number, 'Hello?');

    await stage.linkWhen('connecting');
    await stage.linkWhen('linked');
    await stage.whatsapp.drained();

    await expect.poll(() => loggedFrom('contact')).toHaveLength(1);
  });

  it('archives the login when the phone has ended the link, and offers a new pairing that works', async () => {
    await stage.startLinkedBot();
    stage.links.length = 0;
    stage.shop.unlinkDevices();

    const { qr, after } = await stage.linkWhen('pairing');
    expect(after).toBe('logged-out');
    expect(await (await stage.page('/pair.json')).json()).toMatchObject({ title: 'the link was ended on the phone' });
    await stage.shop.scan(qr);
    await stage.linkWhen('linked');

    expect(await stage.ask(stage.owner, 'help')).toContain('Mug Shop');
    const sessions = await database.select().from(whatsappSessions).orderBy(asc(whatsappSessions.id));
    expect(sessions.map(({ endedBecause }) => endedBecause)).toEqual(['logged-out', null]);
  });

  it('does not fight for a session that is used elsewhere, and says what to do', async () => {
    await stage.startLinkedBot();
    stage.whatsapp.replaceSession(stage.shop);

    const { because, until, since } = await stage.linkWhen('stopped');

    expect(because).toBe('replaced');
    expect((until?.getTime() ?? 0) - since.getTime()).toBe(600_000);
    expect(await (await stage.page('/readyz')).json()).toEqual({
      database: 'ok',
      whatsapp: 'stopped',
      state: 'another program uses the same link',
      advice: 'Stop the other one, then restart me. I try once more by myself after ten minutes.',
    });
  });

  it('waits while WhatsApp is busy, and says until when', async () => {
    await stage.startLinkedBot();
    stage.links.length = 0;
    stage.whatsapp.sendStreamError(stage.shop, 503);

    const link = await stage.linkWhen('connecting');

    expect(link.trouble).toBe('server-unavailable');
    expect((link.retryAt?.getTime() ?? 0) - link.since.getTime()).toBeGreaterThanOrEqual(5000);
  });
});

async function loggedFrom(author: 'contact' | 'shop-phone') {
  return database
    .select({ text: messages.text, direction: messages.direction, phone: contactAddresses.value })
    .from(messages)
    .innerJoin(contactAddresses, eq(contactAddresses.contactId, messages.contactId))
    .where(and(eq(messages.author, author), eq(contactAddresses.kind, 'phone')))
    .orderBy(asc(messages.contactId), asc(messages.id));
}
