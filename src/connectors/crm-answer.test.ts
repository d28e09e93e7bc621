import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAnswer } from './crm-answer.ts';

const since = new Date('2026-11-09T12:00:00Z');

function verdict(body: unknown, status = 200) {
  return readAnswer({ status, body: typeof body === 'string' ? body : JSON.stringify(body) }, since);
}

const sample = (name: string) =>
  readFileSync(new URL(`samples/crm/verify_conversion_response_${name}.json`, import.meta.url), 'utf8');

it.each([
  ['converted', { kind: 'converted', doNotContact: false }],
  ['not_converted', { kind: 'not-converted', doNotContact: false }],
  ['do_not_contact', { kind: 'not-converted', doNotContact: true }],
])('reads the sample “%s”', (name, expected) => {
  expect(verdict(sample(name))).toEqual(expected);
});

describe('an answer', () => {
  it.each([
    [{ converted: true }, 'converted'],
    [{ converted: 'true' }, 'converted'],
    [{ converted: ' TRUE ' }, 'converted'],
    [{ purchased: true }, 'converted'],
    [{ found: true }, 'converted'],
    [{ found: 'true', customers: [] }, 'converted'],
    [{ converted: true, purchased: true, orders: [] }, 'converted'],
    [{ converted: false }, 'not-converted'],
    [{ converted: 'false' }, 'not-converted'],
    [{ purchased: false }, 'not-converted'],
    [{ found: false }, 'not-converted'],
    [{ found: false, customers: [] }, 'not-converted'],
    [{ converted: null, purchased: false }, 'not-converted'],
  ])('%j means %s', (body, kind) => {
    expect(verdict(body).kind).toBe(kind);
  });

  it.each([
    [{}],
    [[]],
    [null],
    [true],
    ['true'],
    [''],
    ['no'],
    ['<html>'],
    ['{"converted":fal'],
    [{ converted: 0 }],
    [{ converted: 'no' }],
    [{ converted: null }],
    [{ ok: true }],
    [{ error: 'database away' }],
    // It says two things, or something besides that cannot be read.
    [{ converted: false, purchased: true }],
    [{ converted: 'maybe', found: false }],
    [{ found: false, customers: [{ orders: [{ date: '2026-11-10' }] }] }],
  ])('%j is no clear answer', (body) => {
    expect(verdict(body)).toEqual({ kind: 'unknown', doNotContact: false });
  });

  it('that was not read to its end is no clear answer', () => {
    expect(readAnswer({ status: 200, body: undefined }, since)).toEqual({ kind: 'unknown', doNotContact: false });
  });

  it.each([
    [201, { converted: false }],
    [204, ''],
    [301, { converted: false }],
    [400, { converted: false }],
    [401, { converted: false }],
    [404, { found: false }],
    [404, { converted: true }],
    [404, 'not found'],
    [429, { converted: false }],
    [500, { converted: false }],
    [503, { converted: true }],
  ])('with status %i and %j is no clear answer', (status, body) => {
    expect(verdict(body, status).kind).toBe('unknown');
  });

  it('with status 404 counts when it says of itself that nobody has bought', () => {
    expect(verdict({ converted: false }, 404).kind).toBe('not-converted');
  });

  it.each([
    [true, true],
    ['true', true],
    ['yes', true],
    [1, true],
    [false, false],
    ['false', false],
    [null, false],
    [undefined, false],
  ])('in doubt leaves people alone: do_not_contact %j', (flag, expected) => {
    expect(verdict({ converted: false, do_not_contact: flag }).doNotContact).toBe(expected);
    expect(verdict({ do_not_contact: flag })).toEqual({ kind: 'unknown', doNotContact: expected });
  });
});

describe('a list of customers with all their orders', () => {
  const listed = (...dates: unknown[]) => ({ found: true, customers: [{ orders: dates.map((date) => ({ date })) }] });

  it.each([
    [['2026-11-10T15:22:38Z'], 'converted'],
    [['2026-11-09T12:00:00Z'], 'converted'],
    [['2026-11-09T11:59:59Z'], 'not-converted'],
    [['2026-11-09T14:00:00+03:00'], 'not-converted'],
    [['2026-11-09T08:00:00-0500'], 'converted'],
    // Without a time or a zone it may have been after.
    [['2026-11-09'], 'converted'],
    [['2026-11-09 09:00:00'], 'converted'],
    [['2026-11-08'], 'not-converted'],
    [['2026-11-07 23:00:00'], 'not-converted'],
    [['2026-01-02', '2026-11-10'], 'converted'],
    [[], 'not-converted'],
    [['yesterday'], 'unknown'],
    [[undefined], 'unknown'],
    [[1_794_330_000], 'unknown'],
    [['2026-01-02', 'yesterday'], 'unknown'],
    [['2026-11-10', 'yesterday'], 'converted'],
  ] as const)('with orders of %j means %s', (dates, kind) => {
    expect(verdict(listed(...dates)).kind).toBe(kind);
  });

  it('counts the orders of every customer that it names', () => {
    const customers = [{ orders: [] }, { orders: [{ date: '2026-11-10', amount: '9.00' }] }];
    expect(verdict({ found: true, customers }).kind).toBe('converted');
  });

  it.each([[[{ name: 'Camille' }]], ['Camille'], [[null]]])('is no clear answer as %j', (customers) => {
    expect(verdict({ found: true, customers }).kind).toBe('unknown');
  });
});
