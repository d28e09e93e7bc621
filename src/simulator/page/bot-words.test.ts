import { describe, expect, it } from 'vitest';
import type { BotState, LinkState, PhoneState } from '../demo/page-state.ts';
import { botStanding, botWords, isLinkingShown, scanStage, unreadOn } from './bot-words.ts';

const starting: BotState = { process: 'starting', link: undefined, pairingPage: undefined };
const ended: BotState = { process: 'ended', link: undefined, pairingPage: undefined };
const pairing = running('pairing', '/qr.svg?code=1');
const linked = running('linked');

describe('how the bot stands', () => {
  it.each([
    ['starting before its first word', starting, 'starting'],
    ['what it says of its link', linked, 'linked'],
    ['ended after a kill', ended, 'ended'],
    ['ended even when its last word is still there', { ...linked, process: 'ended' as const }, 'ended'],
  ])('is %s', (_title, bot, standing) => {
    expect(botStanding(bot)).toBe(standing);
  });

  it('is told in its own words, and in ours only while it cannot speak', () => {
    expect(botWords(linked).title).toBe('the bot’s own word for linked');
    expect(botWords(starting).title).toBe('starting');
    expect(botWords(ended).title).toBe('killed');
  });
});

describe('the scene of the linking', () => {
  it.each<[title: string, before: boolean, bot: BotState, linkedDevices: number, shown: boolean]>([
    ['is shown while a bot that was never linked starts', false, starting, 0, true],
    ['is shown as soon as there is a code', false, pairing, 0, true],
    ['is shown again after an unlink', false, running('pairing'), 0, true],
    ['stays while the bot that was scanned connects', true, running('connecting'), 1, true],
    ['gives way to the phones when the bot is linked', true, linked, 1, false],
    ['does not come back for a lost connection', false, running('connecting'), 1, false],
    ['does not come back for a killed bot', false, ended, 1, false],
    ['does not come back for a bot that stands by', false, running('standby'), 0, false],
  ])('%s', (_title, before, bot, linkedDevices, shown) => {
    expect(isLinkingShown(before, bot, shopPhone({ linkedDevices }))).toBe(shown);
  });

  it('is not shown before the shop’s phone is known', () => {
    expect(isLinkingShown(false, running('connecting'), undefined)).toBe(false);
  });

  it.each<[stage: string, bot: BotState, shop: PhoneState, scanning: boolean]>([
    ['no code', starting, shopPhone({}), false],
    ['ready', pairing, shopPhone({}), false],
    ['scanning', pairing, shopPhone({}), true],
    ['scanned', pairing, shopPhone({ linkedDevices: 1 }), true],
    ['linked', linked, shopPhone({ linkedDevices: 1 }), true],
    ['off', pairing, shopPhone({ power: 'off' }), false],
  ])('comes to “%s”', (stage, bot, shop, scanning) => {
    expect(scanStage(bot, shop, scanning)).toBe(stage);
  });
});

it('counts what waits in all chats of a phone', () => {
  const chat = { with: '1', name: 'Ana', typing: undefined, bubbles: [] };
  expect(
    unreadOn({
      chats: [
        { ...chat, unread: 2 },
        { ...chat, unread: 3 },
      ],
    }),
  ).toBe(5);
});

function running(state: LinkState['state'], qr?: string): BotState {
  return {
    process: 'running',
    pairingPage: undefined,
    link: {
      state,
      title: `the bot’s own word for ${state}`,
      advice: 'Nothing to do.',
      since: '2026-08-06T10:00:00Z',
      qr,
      qrExpiresAt: undefined,
      retryAt: undefined,
    },
  };
}

function shopPhone(differences: Partial<PhoneState>): PhoneState {
  return {
    number: '34600000001',
    writtenNumber: '+34 600 00 00 01',
    name: 'Mug Shop',
    part: 'shop',
    power: 'on',
    linkedDevices: 0,
    chats: [],
    ...differences,
  };
}
