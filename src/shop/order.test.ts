import { describe, expect, it } from 'vitest';
import type { PhoneNumber } from '../contacts/phone.ts';
import { later, minutes } from '../lib/time.ts';
import { type CompletedMeaning, completionOf, eventsOfOrder, orderFrom } from './order.ts';
import { namesOf } from './person.ts';
import type { OrderReport, RefundReport } from './report.ts';

const start = new Date('2026-11-22T10:00:00Z');
const past = (minute: number) => later(start, minutes(minute));

/** The whole order as it stood so many minutes after it was made. */
function told(minute: number, more: Partial<OrderReport> = {}): OrderReport {
  const items = [{ name: 'Mug', quantity: 1 }];
  const total = { amount: '30.00', currency: 'EUR' };
  return {
    ...{ kind: 'order', order: '1001', person: {}, items, total, codes: [], test: false, whole: true },
    ...{ createdAt: start, at: past(minute), ...more },
  };
}

function refund(id: string, amount: string, minute: number, currency = 'EUR'): RefundReport {
  return { kind: 'refund', refund: id, order: '1001', money: { amount, currency }, at: past(minute) };
}

describe('What an order is', () => {
  it('is paid since it was first paid, whatever a later report leaves out', () => {
    const order = orderFrom([told(0), told(1, { paidAt: past(1) }), told(2, { paidAt: past(2) }), told(3)], []);

    expect(order).toMatchObject({ paidAt: past(1), completedAt: undefined, updatedAt: past(3) });
  });

  it('is cancelled until a later report shows the whole order without that', () => {
    const cancelled = told(1, { cancelledAt: past(1) });

    expect(orderFrom([told(0), cancelled], []).cancelledAt).toEqual(past(1));
    expect(orderFrom([told(0), cancelled, told(2)], []).cancelledAt).toBeUndefined();
  });

  it('stays cancelled when a later report tells only of one event', () => {
    const reports = [told(0), told(1, { cancelledAt: past(1) }), told(2, { whole: false, paidAt: past(2) })] as const;

    expect(orderFrom(reports, []).cancelledAt).toEqual(past(1));
  });

  it('has given back what its refunds sum up to, each once, however often it was told', () => {
    const refunds = [refund('r1', '10.00', 1), refund('r2', '5.50', 2), refund('r1', '10.00', 3)];

    const order = orderFrom([told(0)], refunds);

    expect(order.refunded).toBe('15.50');
    expect(eventsOfOrder(order).filter(({ type }) => type === 'order.refunded')).toHaveLength(2);
  });

  it('does not add up what was given back in another currency', () => {
    expect(orderFrom([told(0)], [refund('r1', '10.00', 1), refund('r2', '99', 2, 'USD')]).refunded).toBe('10.00');
  });

  it('is only a test once anybody has said so', () => {
    expect(orderFrom([told(0, { test: true }), told(1)], []).test).toBe(true);
    expect(orderFrom([told(0), told(1)], []).test).toBe(false);
  });

  it('keeps its items, its codes, its cart and its checkout when a report of one event does not repeat them', () => {
    const first = told(0, { codes: ['TEN'], cart: 'c1', checkout: 'k1', number: '#1001' });
    const event = told(1, { items: [], whole: false, paidAt: past(1) });

    expect(orderFrom([first, event], [])).toMatchObject({
      ...{ items: first.items, codes: ['TEN'], cart: 'c1', checkout: 'k1', number: '#1001' },
    });
  });

  it('tells each of its events at its own time', () => {
    const order = orderFrom([told(0, { paidAt: past(1), completedAt: past(2), cancelledAt: past(3) })], []);

    expect(eventsOfOrder(order)).toMatchObject([
      { type: 'order.created', occurredAt: start },
      { type: 'order.paid', occurredAt: past(1) },
      { type: 'order.completed', occurredAt: past(2) },
      { type: 'order.cancelled', occurredAt: past(3) },
    ]);
  });
});

describe('When an order was completed', () => {
  const instants = { createdAt: start, paidAt: past(1), completedAt: past(2), cancelledAt: undefined };

  it.each<[meaning: CompletedMeaning, at: Date]>([
    ['created', start],
    ['paid', past(1)],
    ['fulfilled', past(2)],
  ])('is when it was %s, if the owner means that; a cancelled one never was', (meaning, at) => {
    expect(completionOf(instants, meaning)).toEqual(at);
    expect(completionOf({ ...instants, cancelledAt: past(3) }, meaning)).toBeUndefined();
  });

  it('is unknown before it was sent out, or paid', () => {
    const fresh = { ...instants, paidAt: undefined, completedAt: undefined };

    expect(completionOf(fresh, 'paid')).toBeUndefined();
    expect(completionOf(fresh, 'fulfilled')).toBeUndefined();
  });
});

describe('The phone of an order', () => {
  const phone = '+34600000003' as PhoneNumber;

  it.each([
    ['account', phone],
    ['billing', phone],
    ['shipping', phone],
    ['gift', undefined],
  ] as const)('that comes from the %s names the buyer, unless it is that of a present', (phoneFrom, named) => {
    expect(namesOf({ phone, phoneFrom, email: 'Ana@Example.com' })).toEqual({
      ...{ phone: named, customerId: undefined, email: 'ana@example.com' },
    });
  });
});
