import { type Logger, pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { floodGate } from './log.ts';
import { minutes, seconds } from './time.ts';

let clock: SimulatedClock;
let lines: { readonly msg: string; readonly level: number; readonly leftOut?: number; readonly sentence?: string }[];
let log: Logger;

beforeEach(() => {
  clock = new SimulatedClock(new Date('2026-11-22T10:00:00Z'));
  lines = [];
  log = pino(
    { base: null, timestamp: false, hooks: floodGate(clock) },
    { write: (line) => lines.push(JSON.parse(line)) },
  );
});

async function pass(span: number): Promise<void> {
  clock.advance(span);
  await new Promise((resolve) => setImmediate(resolve));
}

function complain(times: number, write = () => log.warn({ from: 1 }, 'Bad MAC')): void {
  for (let time = 0; time < times; time++) {
    write();
  }
}

describe('the log', () => {
  it('keeps twenty lines of a flood, and sums the others up when the minute is over', async () => {
    complain(168_000);
    expect(lines).toHaveLength(20);

    await pass(minutes(1));

    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toMatchObject({ level: 40, sentence: 'Bad MAC', leftOut: 167_980 });
  });

  it('counts each minute, each sentence and each level for itself', async () => {
    complain(20);
    complain(20, () => log.warn('Something else'));
    complain(20, () => log.error('Bad MAC'));
    await pass(seconds(59));
    complain(1);
    expect(lines).toHaveLength(60);
    await pass(seconds(1));
    complain(20);

    expect(lines).toHaveLength(81);
    expect(lines[60]).toMatchObject({ leftOut: 1 });
  });

  it('leaves nothing behind a flood that did not happen', async () => {
    complain(20);
    await pass(minutes(1));

    expect(lines).toHaveLength(20);
  });

  it('lets everything pass that is fatal', () => {
    complain(30, () => log.fatal('The process ends'));

    expect(lines).toHaveLength(30);
  });

  it('counts the lines of its children too', () => {
    complain(30, () => log.child({ part: 'web' }).warn('Bad MAC'));

    expect(lines).toHaveLength(20);
  });
});
