import { readFileSync } from 'node:fs';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type PhoneNumber, parsePhoneNumber } from '../contacts/phone.ts';
import type { Database } from '../database/database.ts';
import { connections, settings } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { minutes, seconds, systemClock } from '../lib/time.ts';
import { setFirstValues } from '../settings/settings.store.ts';
import { type CrmQuestion, shopId } from '../shop/crm.ts';
import { CrmEndpoint } from '../simulator/shop/crm-endpoint.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type Crm, type CrmTrial, makeCrm } from './crm.ts';
import { makePostOutside } from './guarded-request.ts';
import { addressRules } from './outside-address.ts';

const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const never = new AbortController().signal;
const unknown = { kind: 'unknown', doNotContact: false };

let database: Database;
let clock: SimulatedClock;
let endpoint: CrmEndpoint;
let broken: CrmTrial[];
let crm: Crm;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(new Date('2026-11-10T09:00:00Z'));
  endpoint = new CrmEndpoint(SECRET);
  broken = [];
  await endpoint.receiver.open();
  await setFirstValues(
    database,
    { 'sales.crm-url': endpoint.receiver.url, 'shop.name': 'Lumen Ceramics' },
    clock.now(),
  );
  crm = makeCrm({
    database,
    clock,
    post: makePostOutside({ rules: addressRules(true), clock: systemClock }),
    secret: SECRET,
    async onBroken(trial) {
      broken.push(trial);
    },
  });
});

afterEach(() => endpoint.receiver.close());

function phone(text: string): PhoneNumber {
  return parsePhoneNumber(text) as PhoneNumber;
}

const question: CrmQuestion = {
  requestId: 'vc_01JVERIFY000000000000001',
  phones: [phone('+12025550143')],
  name: 'Camille',
  emails: [],
  since: new Date('2026-11-09T00:00:00Z'),
  until: new Date('2026-11-10T09:00:00Z'),
  reason: 'pre-send',
  product: 'Ramen Bowl - Ash',
  attempt: 1,
};

const order = { id: 'ord_9001', number: '#1042', total: '98.98', currency: 'USD', created_at: '2026-11-09T15:22:38Z' };

async function askTimes(count: number): Promise<unknown[]> {
  const verdicts: unknown[] = [];
  for (let time = 0; time < count; time += 1) {
    verdicts.push(await crm.ask(question, never));
  }
  return verdicts;
}

async function trouble() {
  const [row] = await database.select().from(connections);
  return row?.trouble ?? undefined;
}

it('asks exactly as the sample shows, signed, under the name of the question', async () => {
  await crm.ask(question, never);

  const sample = readFileSync(new URL('samples/crm/verify_conversion_request.json', import.meta.url), 'utf8');
  const [received] = endpoint.receiver.received;
  const asked = JSON.parse(received?.body ?? '');
  const exact = (text: string) => text.replace(/\.000Z$/, 'Z');
  expect({ ...asked, since: exact(asked.since), until: exact(asked.until) }).toEqual(JSON.parse(sample));
  expect(received).toMatchObject({ isSigned: true, headers: { 'webhook-id': question.requestId } });
});

it('names every number and the first mail address, and leaves out what is not known', async () => {
  const { product: _, attempt: __, name: ___, ...rest } = question;
  await crm.ask(
    { ...rest, phones: [phone('+5511987654321'), phone('+551187654321')], emails: ['a@b.example'], reason: 'manual' },
    never,
  );

  expect(JSON.parse(endpoint.receiver.received[0]?.body ?? '')).toMatchObject({
    contact: {
      phone: '+5511987654321',
      phone_alternates: ['+551187654321'],
      wa_name: null,
      email: 'a@b.example',
      external_id: null,
    },
    context: { reason: 'manual', product_mentioned: null, attempt_number: null },
  });
});

it.each([
  ['Lumen Ceramics', 'lumen-ceramics'],
  ['Olga’s Mugs & Co.', 'olgas-mugs-co'],
  ['Café Ñandú', 'cafe-nandu'],
  ['陶器の店', '陶器の店'],
  ['★★★', 'shop'],
])('calls the shop “%s” %s', (name, id) => {
  expect(shopId(name)).toBe(id);
});

it('learns who has bought, who has not, and who wants to be left alone', async () => {
  expect(await crm.ask(question, never)).toEqual({ kind: 'not-converted', doNotContact: false });
  endpoint.orders.set('+12025550143', [order]);
  expect(await crm.ask(question, never)).toEqual({ kind: 'converted', doNotContact: false });
  endpoint.protect('+12025550143');
  expect(await crm.ask(question, never)).toEqual({ kind: 'not-converted', doNotContact: true });
});

it('says that no such system is connected while no address is set', async () => {
  await database.execute("update settings set value = 'none' where key = 'sales.crm-url'");

  expect(await crm.ask(question, never)).toBeUndefined();
});

it('takes no failure for “not bought”', async () => {
  endpoint.receiver.answerNext(
    { status: 500, body: '{"converted":false}' },
    { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    { status: 200, body: 'x'.repeat(64 * 1024 + 1) },
    { status: 404 },
  );

  expect(await askTimes(4)).toEqual([unknown, unknown, unknown, unknown]);
  await endpoint.receiver.close();
  expect(await crm.ask(question, never)).toEqual(unknown);
});

it('counts as broken after five failures one after another, is told of once, and is asked only now and then', async () => {
  endpoint.receiver.answerNext(...Array.from({ length: 7 }, () => ({ status: 503 })));
  await askTimes(4);
  expect(await trouble()).toBeUndefined();

  expect(await askTimes(1)).toEqual([unknown]);

  expect(await trouble()).toBe('failing');
  expect(broken).toHaveLength(1);
  // It rests: nobody is asked, and still it is unknown.
  expect(await askTimes(3)).toEqual([unknown, unknown, unknown]);
  expect(endpoint.receiver.received).toHaveLength(5);
  clock.advance(minutes(1) - 1);
  await askTimes(1);
  expect(endpoint.receiver.received).toHaveLength(5);
  clock.advance(1);
  await askTimes(3);
  expect(endpoint.receiver.received).toHaveLength(6);
  expect(broken).toHaveLength(1);
});

it('is well again with the first clear answer, and would be told of anew', async () => {
  endpoint.receiver.answerNext(...Array.from({ length: 5 }, () => ({ status: 503 })));
  await askTimes(5);
  clock.advance(minutes(1));

  expect(await askTimes(1)).toEqual([{ kind: 'not-converted', doNotContact: false }]);
  expect(await trouble()).toBeUndefined();
  endpoint.receiver.answerNext(...Array.from({ length: 5 }, () => ({ status: 503 })));
  await askTimes(5);

  expect(broken).toHaveLength(2);
});

it('holds nothing against a new address', async () => {
  endpoint.receiver.answerNext(...Array.from({ length: 5 }, () => ({ status: 503 })));
  await askTimes(5);
  const other = new CrmEndpoint(SECRET);
  await other.receiver.open();
  other.receiver.answerNext({ status: 503 });
  await database.update(settings).set({ value: other.receiver.url }).where(eq(settings.key, 'sales.crm-url'));

  const verdicts = await askTimes(2);
  await other.receiver.close();

  expect(verdicts).toEqual([unknown, { kind: 'not-converted', doNotContact: false }]);
});

it('counts only failures one after another', async () => {
  endpoint.receiver.answerNext(
    ...Array.from({ length: 4 }, () => ({ status: 503 })),
    { status: 200, body: '{"converted":true}' },
    ...Array.from({ length: 4 }, () => ({ status: 503 })),
  );

  await askTimes(9);

  expect(broken).toEqual([]);
});

it('waits five seconds for an answer', async () => {
  const limits: number[] = [];
  const patient = makeCrm({
    database,
    clock,
    async post({ limit }) {
      limits.push(limit);
      return { kind: 'unanswered', why: 'timeout' };
    },
    secret: undefined,
    onBroken: async () => undefined,
  });

  expect(await patient.ask(question, never)).toEqual(unknown);
  expect(limits).toEqual([seconds(5)]);
});
