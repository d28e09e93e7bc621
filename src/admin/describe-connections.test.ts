import { describe, expect, it } from 'vitest';
import { later, minutes } from '../lib/time.ts';
import { defaultSettings, languages } from '../settings/registry.ts';
import type { Connection } from '../shop/connection-health.ts';
import type { TroubleKind } from '../shop/connector.ts';
import { textsIn } from '../texts/texts.ts';
import { describeConnections } from './describe-connections.ts';

const now = new Date('2026-11-22T10:00:00Z');
const kinds: readonly TroubleKind[] = [
  ...(['refused', 'forbidden', 'not-found', 'unreachable', 'busy', 'failing'] as const),
  ...(['uninstalled', 'hidden-customers', 'silent', 'no-address', 'unsubscribed'] as const),
];

function linesOf(connection: Partial<Connection>, language: (typeof languages)[number] = 'en') {
  const usual = {
    name: 'shopify',
    checkedAt: later(now, -minutes(3)),
    troubleSince: undefined,
    trouble: undefined,
  } as const;
  const whole = { ...usual, polledUntil: undefined, knownFrom: undefined, ...connection };
  return describeConnections([whole], { now, settings: defaultSettings, texts: textsIn(language) });
}

describe('How it stands with a shop', () => {
  it('is one line, with when it was asked last', () => {
    expect(linesOf({})).toEqual([{ isWell: true, line: '✅ Shopify: answers, last asked 3 minutes ago' }]);
  });

  it('says since when something is wrong, what, and what to do', () => {
    const trouble = { kind: 'forbidden', detail: 'read_orders' } as const;

    const [line] = linesOf({ trouble, troubleSince: later(now, -minutes(90)) });

    expect(line).toMatchObject({ isWell: false });
    expect(line?.line).toContain('⚠️ Shopify, since 22 Nov 2026, 08:30');
    expect(line?.line).toContain('read_orders');
  });

  it('says nothing of a shop that nobody has asked yet, or while all is well of a system that is no shop', () => {
    expect(linesOf({ checkedAt: undefined })).toEqual([]);
    expect(linesOf({ name: 'crm' })).toEqual([]);
  });

  it.each(languages)('has a sentence with a next step for every trouble of the shop’s own systems: %s', (language) => {
    const own = ['refused', 'not-found', 'unreachable', 'failing'] as const;
    const sentences = [
      ...own.map((kind) => linesOf({ name: 'crm', trouble: { kind }, troubleSince: now }, language)[0]?.line),
      ...[...own, 'switched-off' as const].map(
        (kind) => linesOf({ name: 'webhook', trouble: { kind }, troubleSince: now }, language)[0]?.line,
      ),
    ];

    expect(new Set(sentences).size).toBe(9);
    const test = language === 'es' ? /\*probar (?:crm|webhook)\*/ : /\*test (?:crm|webhook)\*/;
    expect(sentences.filter((sentence) => !test.test(sentence ?? ''))).toEqual([]);
  });

  it.each(languages)('has a sentence of its own for every trouble of every shop: %s', (language) => {
    const sentences = (['shopify', 'woocommerce'] as const).flatMap((name) =>
      kinds.map(
        (kind) => linesOf({ name, trouble: { kind, detail: 'DETAIL' }, troubleSince: now }, language)[0]?.line ?? '',
      ),
    );

    expect(new Set(sentences).size).toBe(2 * kinds.length);
    expect(sentences.filter((sentence) => sentence.length < 60)).toEqual([]);
    expect(sentences.filter((sentence) => sentence.includes('undefined'))).toEqual([]);
  });
});
