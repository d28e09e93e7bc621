import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CrmEndpoint } from './crm-endpoint.ts';

const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const sample = (name: string) =>
  readFileSync(new URL(`../../connectors/samples/crm/${name}.json`, import.meta.url), 'utf8');
const question = sample('verify_conversion_request');
const order = { id: 'ord_9001', number: '#1042', total: '98.98', currency: 'USD', created_at: '2026-11-10T15:22:38Z' };

let crm: CrmEndpoint;

beforeEach(async () => {
  crm = new CrmEndpoint(SECRET);
  await crm.receiver.open();
});

afterEach(() => crm.receiver.close());

async function ask(body = question, secret = SECRET) {
  const at = new Date('2026-11-10T17:00:00Z');
  const response = await fetch(crm.receiver.url, {
    method: 'POST',
    headers: {
      'webhook-id': 'vc_1',
      'webhook-timestamp': String(at.getTime() / 1000),
      'webhook-signature': new Webhook(secret).sign('vc_1', at, body),
    },
    body,
  });
  return response.json();
}

describe('A simulated CRM', () => {
  it('says whether somebody has bought since, in the words of the samples', async () => {
    expect(await ask()).toEqual(JSON.parse(sample('verify_conversion_response_not_converted')));
    crm.orders.set('+12025550143', [order]);
    expect(await ask()).toEqual(JSON.parse(sample('verify_conversion_response_converted')));
    crm.orders.set('+12025550143', [{ ...order, created_at: '2026-11-08T15:22:38Z' }]);
    expect(await ask()).toMatchObject({ converted: false });
  });

  it('says whom nobody may write to', async () => {
    crm.protect('+12025550143');

    expect(await ask()).toEqual(JSON.parse(sample('verify_conversion_response_do_not_contact')));
  });

  it('keeps every question, and knows which were signed with its secret', async () => {
    await ask();
    await ask(question, 'whsec_d3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmc=');

    expect(crm.receiver.received.map(({ isSigned }) => isSigned)).toEqual([true, false]);
  });
});
