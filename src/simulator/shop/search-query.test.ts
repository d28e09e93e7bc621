import { describe, expect, it } from 'vitest';
import { readSearch, type Searchable } from './search-query.ts';

// The search of the Admin API, as far as we ask it: facts/commerce §1.6.

const order: Searchable = {
  id: 6120345678901,
  name: '#1042',
  created_at: new Date('2026-11-10T15:22:38Z'),
  updated_at: new Date('2026-11-12T09:30:06Z'),
  status: 'open',
  email: 'Camille@example.com',
  discount_code: ['THX-1'],
  customer_id: undefined,
};
const filters = new Set(Object.keys(order));

describe('A search of the Admin API', () => {
  it.each<[query: string | undefined, fits: boolean]>([
    [undefined, true],
    ['', true],
    ["created_at:>='2026-11-10T15:22:38Z'", true],
    ["created_at:>'2026-11-10T15:22:38Z'", false],
    ["created_at:<='2026-11-10T15:22:38Z'", true],
    ["created_at:<'2026-11-10T15:22:38Z'", false],
    ['created_at:>=2026-11-11', false],
    ["updated_at:>='2026-11-12T00:00:00Z' AND status:open", true],
    ["updated_at:>='2026-11-12T00:00:00Z' status:cancelled", false],
    ['status:cancelled OR status:open', true],
    ['-status:open', false],
    ['-status:cancelled', true],
    ['status:any', true],
    ['id:>6120345678900', true],
    ['id:6120345678901', true],
    ["name:'#1042'", true],
    ['name:#1043', false],
    ['email:camille@example.com', true],
    ['discount_code:thx-1', true],
    ['customer_id:7', false],
  ])('%s: %s', (query, fits) => {
    const search = readSearch(query, filters);

    expect(search.matches(order)).toBe(fits);
    expect(search.unknown).toEqual([]);
  });

  it('leaves out a filter that does not exist, and says which', () => {
    const search = readSearch('phone:+12025550143 status:open', filters);

    expect(search.matches(order)).toBe(true);
    expect(search.unknown).toEqual(['phone']);
  });
});
