import { countLateMessages } from '../conversations/late-messages.store.ts';
import type { Database } from '../database/database.ts';
import {
  type Clock,
  days,
  elapsed,
  formatLocalDate,
  formatLocalTime,
  later,
  localHour,
  type Milliseconds,
  minutes,
} from '../lib/time.ts';
import { readSettings } from '../settings/settings.store.ts';
import { textsIn } from '../texts/texts.ts';
import { noticeOwners } from './notices.store.ts';

interface NoticeParts {
  readonly database: Database;
  readonly chooseMessageId: () => string;
  readonly now: Date;
}

/** Shorter times without a link are nothing to talk about. */
const LONG_GAP: Milliseconds = minutes(15);

/** WhatsApp ends the links of a phone that was not online for so long (facts/whatsapp §3.2). */
const UNLINKED_AFTER = 14;

/** The last first: who was away on the tenth day is told of the day it is. */
const WARNING_DAYS: readonly number[] = [13, 12, 10];

/** Tells the owners of a long time without a link, once what was written in it is in the log. @returns how many were told */
export async function tellGap(parts: NoticeParts, gap: { readonly from: Date; readonly to: Date }): Promise<number> {
  const { database, now } = parts;
  if (elapsed(gap.from, gap.to) < LONG_GAP) {
    return 0;
  }
  const settings = await readSettings(database);
  const texts = textsIn(settings['shop.language']);
  const time = (instant: Date) => formatLocalTime(instant, settings['shop.timezone'], texts.locale);
  const text = texts.notices.gap(time(gap.from), time(gap.to), await countLateMessages(database, gap.to));
  return noticeOwners(database, { ...parts, key: `gap:${gap.from.toISOString()}`, text }, now);
}

/** Warns the owners on the tenth, twelfth and thirteenth day without a sign of the shop's phone. @returns how many were told */
export async function warnOfSilentPhone(parts: NoticeParts, phoneSeenAt: Date): Promise<number> {
  const { database, now } = parts;
  const silentFor = Math.floor(elapsed(phoneSeenAt, now) / days(1));
  const warning = WARNING_DAYS.find((day) => silentFor >= day);
  if (warning === undefined || silentFor >= UNLINKED_AFTER) {
    return 0;
  }
  const settings = await readSettings(database);
  const texts = textsIn(settings['shop.language']);
  const unlinkDate = formatLocalDate(later(phoneSeenAt, days(UNLINKED_AFTER)), settings['shop.timezone'], texts.locale);
  const key = `phone-silent:${phoneSeenAt.toISOString()}:${warning}`;
  return noticeOwners(database, { ...parts, key, text: texts.notices.phoneSilent(silentFor, unlinkDate) }, now);
}

/** Until opening hours are a setting. */
const OPENS_AT = 8;
const CLOSES_AT = 22;

/** What the watch over the session asks of the shop, and tells it. */
export function makeLinkNotices(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly quietly: (work: Promise<void>) => void;
  /** Resolves when everything in the journal is in the log. */
  readonly received: () => Promise<void>;
  readonly chooseMessageId: () => string;
  /** Something was queued. */
  readonly onQueued: () => void;
}) {
  const { database, clock, quietly, received, chooseMessageId, onQueued } = parts;
  const notice = async (queue: (parts: NoticeParts) => Promise<number>) => {
    if ((await queue({ database, chooseMessageId, now: clock.now() })) > 0) {
      onQueued();
    }
  };
  return {
    async isOpen(now: Date): Promise<boolean> {
      const hour = localHour(now, (await readSettings(database))['shop.timezone']);
      return hour >= OPENS_AT && hour < CLOSES_AT;
    },
    onCaughtUp: (gap: { readonly from: Date; readonly to: Date }) =>
      quietly(received().then(() => notice((to) => tellGap(to, gap)))),
    onPhoneSeen: (seenAt: Date) => quietly(notice((to) => warnOfSilentPhone(to, seenAt))),
  };
}
