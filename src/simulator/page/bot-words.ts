import type { BotState, LinkState, PhoneState } from '../demo/page-state.ts';

/** How the bot stands, in one word. */
export type BotStanding = 'ended' | 'starting' | LinkState['state'];

export function botStanding({ process, link }: BotState): BotStanding {
  return process === 'ended' ? 'ended' : (link?.state ?? 'starting');
}

export interface BotWords {
  readonly title: string;
  readonly advice: string;
}

/** The bot's own words; while it cannot speak, ours. */
export function botWords({ process, link }: BotState): BotWords {
  if (process === 'ended') {
    return { title: 'killed', advice: 'Nothing of it is left but its files.' };
  }
  return link ?? { title: 'starting', advice: 'It opens its database, which takes a few seconds.' };
}

/** Whether the page shows how the bot is linked, `before` whether it did until now: from a code, or no link, to the link. */
export function isLinkingShown(before: boolean, bot: BotState, shop: PhoneState | undefined): boolean {
  switch (bot.link?.state) {
    case 'linked':
    case 'standby':
      return false;
    case 'pairing':
      return true;
    default:
      return before || shop?.linkedDevices === 0;
  }
}

/** What the scene of the linking shows on the shop's phone. */
export type ScanStage = 'off' | 'no code' | 'ready' | 'scanning' | 'scanned' | 'linked';

/** `scanning` is whether the person at the page has begun to scan and nothing has come of it yet. */
export function scanStage(bot: BotState, shop: PhoneState | undefined, scanning: boolean): ScanStage {
  if (bot.link?.state === 'linked') {
    return 'linked';
  }
  if (shop?.power === 'off') {
    return 'off';
  }
  if (shop && shop.linkedDevices > 0) {
    return 'scanned';
  }
  if (scanning) {
    return 'scanning';
  }
  return bot.link?.qr ? 'ready' : 'no code';
}

/** All that waits to be read on a phone. */
export function unreadOn({ chats }: Pick<PhoneState, 'chats'>): number {
  return chats.reduce((sum, { unread }) => sum + unread, 0);
}
