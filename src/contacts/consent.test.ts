import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConsentRecord, consentFrom } from './consent.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 10, hour));

function said(state: ConsentRecord['state'], hour: number, more: Partial<ConsentRecord> = {}): ConsentRecord {
  return { state, source: 'checkout', act: true, wording: undefined, proof: 'delivery 1', at: at(hour), ...more };
}

describe('Consent', () => {
  it.each<[what: string, records: readonly ConsentRecord[], state: ConsentRecord['state']]>([
    ['is not granted where nobody has said anything', [], 'not-granted'],
    ['is granted by a ticked box', [said('granted', 1)], 'granted'],
    ['is not granted by an unticked one', [said('not-granted', 1)], 'not-granted'],
    ['is what was said last', [said('granted', 1), said('not-granted', 2)], 'not-granted'],
    ['is what was said last, also when it was told first', [said('not-granted', 2), said('granted', 1)], 'not-granted'],
    ['is withdrawn by STOP', [said('granted', 1), said('withdrawn', 2, { source: 'chat' })], 'withdrawn'],
    ['is withdrawn before it was ever granted', [said('withdrawn', 1, { source: 'chat' })], 'withdrawn'],
    ['stays withdrawn when an older consent becomes known', [said('withdrawn', 2), said('granted', 1)], 'withdrawn'],
    [
      'stays withdrawn when the shop only repeats that it was granted',
      [said('withdrawn', 1), said('granted', 2, { act: false })],
      'withdrawn',
    ],
    ['stays withdrawn against staff', [said('withdrawn', 1), said('granted', 2, { source: 'staff' })], 'withdrawn'],
    ['stays withdrawn without proof', [said('withdrawn', 1), said('granted', 2, { proof: undefined })], 'withdrawn'],
    ['is not un-withdrawn by an unticked box', [said('withdrawn', 1), said('not-granted', 2)], 'withdrawn'],
    ['comes back by START', [said('withdrawn', 1), said('granted', 2, { source: 'chat', proof: 'M1' })], 'granted'],
    ['comes back by a box ticked later', [said('withdrawn', 1), said('granted', 2)], 'granted'],
    ['is granted by staff where nothing was withdrawn', [said('granted', 1, { source: 'staff' })], 'granted'],
    ['is withdrawn where both were said in one instant', [said('withdrawn', 1), said('granted', 1)], 'withdrawn'],
  ])('%s', (_what, records, state) => {
    expect(consentFrom(records).state).toBe(state);
  });

  it('names the record that decided', () => {
    const stop = said('withdrawn', 2, { source: 'chat', wording: 'Stop', proof: 'M2' });

    expect(consentFrom([stop, said('granted', 1), said('granted', 3, { act: false })]).because).toBe(stop);
  });

  const record = fc.record({
    state: fc.constantFrom('granted', 'not-granted', 'withdrawn'),
    source: fc.constantFrom('chat', 'staff', 'checkout'),
    act: fc.boolean(),
    wording: fc.constant(undefined),
    proof: fc.constantFrom(undefined, 'M1'),
    at: fc.integer({ min: 0, max: 5 }).map(at),
  });

  it('does not depend on the order in which things become known, nor on how often', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }), (records, again) => {
        const repeated = [...records, ...again.flatMap((index) => records[index % (records.length || 1)] ?? [])];
        const shuffled = repeated.toSorted((one, other) => Number(one.act) - Number(other.act)).toReversed();

        expect(consentFrom(shuffled).state).toBe(consentFrom(records).state);
      }),
    );
  });

  it('is never granted after a withdrawal but by the person’s own act with proof', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        const { state, because } = consentFrom(records);
        const lastStop = Math.max(...records.filter((one) => one.state === 'withdrawn').map((one) => Number(one.at)));

        if (state === 'granted' && Number.isFinite(lastStop)) {
          const lifted = records.some(
            (one) =>
              one.state === 'granted' && one.act && one.proof && one.source !== 'staff' && Number(one.at) > lastStop,
          );
          expect(lifted, because?.source).toBe(true);
        }
      }),
    );
  });
});
