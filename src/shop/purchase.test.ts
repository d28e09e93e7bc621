import { describe, expect, it } from 'vitest';
import { judgePurchase, type Listener, ownOrdersSay, type Purchase, shopSays, type Testimony } from './purchase.ts';
import type { OrderReport } from './report.ts';

const since = new Date('2026-11-20T10:00:00Z');
const purchase: Purchase = { source: 'shopify', order: '7', number: '#1007', createdAt: since };

const no = (by: Testimony['by']): Testimony => ({ by, says: 'no' });
const yes = (by: Testimony['by']): Testimony => ({ by, says: 'yes', purchase });
const unknown = (by: Testimony['by']): Testimony => ({ by, says: 'unknown', doubt: { kind: 'failing' } });

describe('Whether somebody has bought', () => {
  it.each<[title: string, heard: Testimony[], kind: string]>([
    ['no, when everybody who was asked says so', [no('own-orders'), no('shopify'), no('crm')], 'no'],
    ['yes, when one of them says so', [no('own-orders'), yes('shopify')], 'yes'],
    ['yes, even if another cannot say', [unknown('own-orders'), yes('crm')], 'yes'],
    ['unknown, when one of them cannot say', [no('own-orders'), unknown('shopify'), no('crm')], 'unknown'],
    ['unknown, when nobody can say', [unknown('own-orders')], 'unknown'],
  ])('is %s', (_title, heard, kind) => {
    expect(judgePurchase(heard).kind).toBe(kind);
  });

  it('comes with who said so, and why nobody can say', () => {
    expect(judgePurchase([no('own-orders'), yes('crm')])).toEqual({ kind: 'yes', by: 'crm', purchase });
    expect(judgePurchase([no('own-orders'), no('crm')])).toEqual({ kind: 'no', asked: ['own-orders', 'crm'] });
    expect(judgePurchase([no('own-orders'), unknown('shopify')])).toEqual({
      kind: 'unknown',
      by: 'shopify',
      doubt: { kind: 'failing' },
    });
  });
});

describe('Our own orders', () => {
  const fine: Listener = { hasReported: true, trouble: undefined };
  const quiet: Listener = { hasReported: false, trouble: undefined };
  const broken: Listener = { hasReported: true, trouble: { kind: 'uninstalled' } };
  const say = (found: Purchase | undefined, more: Partial<Parameters<typeof ownOrdersSay>[1]> = {}) => {
    const testimony = ownOrdersSay(found, { isNamed: true, canBeAsked: false, listeners: [], ...more });
    return testimony.says === 'unknown' ? testimony.doubt.kind : testimony.says;
  };

  it.each<[title: string, more: Parameters<typeof say>[1], said: string]>([
    ['no, where a shop or another system is asked as well', { canBeAsked: true, listeners: [quiet] }, 'no'],
    ['no, where a shop only reports, and does', { listeners: [fine] }, 'no'],
    ['no, where each of several reports', { listeners: [fine, fine] }, 'no'],
    ['unknown, where one of several has never reported', { listeners: [fine, quiet] }, 'nothing-heard'],
    ['unknown, where one is in trouble', { listeners: [fine, broken] }, 'uninstalled'],
    ['unknown, where nothing is connected', {}, 'not-connected'],
    ['unknown of somebody without any name that a shop could know', { isNamed: false, canBeAsked: true }, 'nameless'],
  ])('say %s', (_title, more, said) => {
    expect(say(undefined, more)).toBe(said);
    expect(say(purchase, more)).toBe('yes');
  });
});

describe('An order that a shop has found', () => {
  const order: OrderReport = {
    ...{ kind: 'order', order: '7', number: '#1007', person: {}, items: [], codes: [], test: false },
    ...{ createdAt: since, at: since, whole: true },
  };

  it.each<[title: string, change: Partial<OrderReport>, says: string]>([
    ['of that very instant is a purchase', {}, 'yes'],
    ['from before is none', { createdAt: new Date('2026-11-20T09:59:59Z') }, 'no'],
    ['that was cancelled is none', { cancelledAt: since }, 'no'],
    ['that only tests the shop is none', { test: true }, 'no'],
  ])('%s', (_title, change, says) => {
    expect(shopSays('shopify', [{ ...order, ...change }], since).says).toBe(says);
  });

  it('counts wherever it stands among others, and a draft does not', () => {
    const draft = { kind: 'checkout', checkout: '8', person: {}, items: [], startedAt: since, at: since } as const;

    expect(shopSays('woocommerce', [draft], since)).toEqual({ by: 'woocommerce', says: 'no' });
    expect(shopSays('woocommerce', [draft, { ...order, test: true }, order], since)).toMatchObject({
      says: 'yes',
      purchase: { source: 'woocommerce', order: '7', number: '#1007' },
    });
  });
});
