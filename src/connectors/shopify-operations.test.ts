import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { shopifyTopics } from './shopify-connector.ts';
import * as operations from './shopify-operations.ts';

// The schema is a part of Shopify's own, of the version that is asked (facts/commerce §1.8).

const read = (file: string) => readFileSync(new URL(`../simulator/shop/${file}.graphql`, import.meta.url), 'utf8');
const schema = buildSchema(`${read('shopify-admin')}\n${read('shopify-admin-orders')}`);
const problems = (text: string) => validate(schema, parse(text)).map(({ message }) => message);

const texts = Object.entries(operations).flatMap(([name, one]) => ('text' in one ? [[name, one.text] as const] : []));

describe('What Shopify is asked', () => {
  it.each(texts)('is in its own words: %s', (_name, text) => {
    expect(problems(text)).toEqual([]);
  });

  it('is everything that is asked: no operation is missing here', () => {
    expect(texts.map(([name]) => name).sort()).toEqual([
      'createWebhook',
      'customersByPhone',
      'findOrders',
      'listWebhooks',
      'ordersByPhone',
      'shopAndScopes',
    ]);
  });

  it('would be noticed if it were not: there is no filter of orders by phone, and no field of our own making', () => {
    expect(problems('{ orders(phone: "+34600000001", first: 1) { nodes { id } } }')).toHaveLength(1);
    expect(problems('{ shop { owner } }')).toHaveLength(1);
  });

  it('names topics of webhooks that exist', () => {
    const known = schema.getType('WebhookSubscriptionTopic');
    const names = known && 'getValues' in known ? known.getValues().map(({ name }) => name) : [];
    expect(names).toEqual(expect.arrayContaining([...shopifyTopics]));
  });
});
