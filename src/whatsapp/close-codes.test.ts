import { describe, expect, it } from 'vitest';
import { describeLink } from '../admin/describe-link.ts';
import { hours, minutes, seconds } from '../lib/time.ts';
import type { Link } from '../outbox/link.ts';
import { languages } from '../settings/registry.ts';
import { textsIn } from '../texts/texts.ts';
import { backOff, type ConnectionEnd, type Reaction, reactions, reactTo } from './close-codes.ts';

const since = new Date('2026-11-22T10:00:00Z');

describe('the end of a connection', () => {
  it.each<[string, ConnectionEnd, Reaction]>([
    [
      '515 after pairing connects again at once',
      { code: 515, paired: true },
      { kind: 'reconnect', trouble: 'restart-asked', pace: 'at-once' },
    ],
    [
      '428 connects again',
      { code: 428, paired: true },
      { kind: 'reconnect', trouble: 'connection-lost', pace: 'back-off' },
    ],
    [
      '408 keeps trying to reach WhatsApp',
      { code: 408, paired: true },
      { kind: 'reconnect', trouble: 'unreachable', pace: 'back-off' },
    ],
    [
      '503 leaves WhatsApp more time',
      { code: 503, paired: true },
      { kind: 'reconnect', trouble: 'server-unavailable', pace: 'slow-back-off' },
    ],
    [
      '500 does not touch the login',
      { code: 500, paired: true },
      { kind: 'reconnect', trouble: 'server-error', pace: 'back-off' },
    ],
    [
      'an unknown code counts as an error of the server',
      { code: 599, paired: true },
      { kind: 'reconnect', trouble: 'server-error', pace: 'back-off' },
    ],
    [
      '440 leaves the session to the other one for ten minutes',
      { code: 440, paired: true },
      { kind: 'stop', because: 'replaced', for: minutes(10) },
    ],
    ['401 means pairing again', { code: 401, paired: true }, { kind: 'pair-again' }],
    [
      '401 without a login is only a refused pairing',
      { code: 401, paired: false },
      { kind: 'reconnect', trouble: 'refused', pace: 'back-off' },
    ],
    [
      '402 waits for the end of the ban and ten minutes more',
      { code: 402, paired: true, banSeconds: 3600 },
      { kind: 'stop', because: 'temporarily-banned', for: hours(1) + minutes(10) },
    ],
    [
      '402 without an end waits a day',
      { code: 402, paired: true },
      { kind: 'stop', because: 'temporarily-banned', for: hours(24) },
    ],
    ['403 stops and keeps the login', { code: 403, paired: true }, { kind: 'stop', because: 'blocked' }],
    ['405 asks for an update', { code: 405, paired: true }, { kind: 'stop', because: 'outdated' }],
    ['406 is a ban', { code: 406, paired: true }, { kind: 'stop', because: 'banned' }],
    ['409 is a refused device', { code: 409, paired: true }, { kind: 'stop', because: 'identity-refused' }],
    [
      '411 is a phone without linked devices',
      { code: 411, paired: true },
      { kind: 'stop', because: 'not-multi-device' },
    ],
    [
      '413 is tried again slowly',
      { code: 413, paired: true },
      { kind: 'reconnect', trouble: 'refused', pace: 'slow-back-off' },
    ],
    [
      '414 is tried again slowly',
      { code: 414, paired: true },
      { kind: 'reconnect', trouble: 'refused', pace: 'slow-back-off' },
    ],
    [
      '415 is tried again slowly',
      { code: 415, paired: true },
      { kind: 'reconnect', trouble: 'refused', pace: 'slow-back-off' },
    ],
    [
      '418 is tried again slowly',
      { code: 418, paired: true },
      { kind: 'reconnect', trouble: 'refused', pace: 'slow-back-off' },
    ],
  ])('%s', (_title, end, reaction) => expect(reactTo(end)).toEqual(reaction));

  it('has a sentence and a next step in every language, whatever the reaction', () => {
    for (const reaction of Object.values(reactions)) {
      for (const language of languages) {
        const { state, advice } = describeLink(linkAfter(reaction), textsIn(language));
        expect(state.length).toBeGreaterThan(5);
        expect(advice).toMatch(/\.$/);
      }
    }
  });
});

describe('the pause before the next try', () => {
  it.each<[string, Parameters<typeof backOff>, number]>([
    ['is none after a restart that WhatsApp asked for', ['at-once', 1, 0.5], 0],
    ['begins with a second', ['back-off', 1, 0.5], seconds(1)],
    ['is shortened by half at most', ['back-off', 1, 0], 500],
    ['is lengthened by half at most', ['back-off', 1, 1], 1500],
    ['doubles', ['back-off', 4, 0.5], seconds(8)],
    ['begins with ten seconds when WhatsApp is in trouble', ['slow-back-off', 1, 0.5], seconds(10)],
    ['never exceeds five minutes', ['back-off', 40, 1], minutes(5)],
  ])('%s', (_title, given, pause) => expect(backOff(...given)).toBe(pause));
});

function linkAfter(reaction: Reaction): Link {
  switch (reaction.kind) {
    case 'reconnect':
      return { state: 'connecting', since, trouble: reaction.trouble };
    case 'pair-again':
      return { state: 'pairing', since, qr: 'code', qrExpiresAt: since, after: 'logged-out' };
    case 'stop':
      return { state: 'stopped', since, because: reaction.because };
  }
}
