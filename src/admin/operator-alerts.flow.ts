import type { Log } from '../lib/log.ts';
import { type Clock, formatLocalTime, type Milliseconds, seconds, within } from '../lib/time.ts';
import type { Link } from '../outbox/link.ts';
import { type LinkAlarm, makeLinkAlarm } from '../outbox/link-alarm.flow.ts';
import type { Settings } from '../settings/registry.ts';
import type { Texts } from '../texts/en.ts';
import { textsIn } from '../texts/texts.ts';
import { describeLink } from './describe-link.ts';

/** What the operator gets. `text` is complete by itself: most chat tools show nothing else. */
export interface Alert {
  readonly text: string;
  readonly shop: string;
  /** The state of the link in words, and the one next step. */
  readonly state: string;
  readonly advice: string;
  /** ISO 8601. */
  readonly since: string;
}

export interface OperatorAlerts extends LinkAlarm {
  /** The process is about to end because the session receives nothing. Waits for the telling, but not long. */
  tellOfRestart(link: Link): Promise<void>;
}

/** The process is of no use any more: its last alert may not keep it for long. */
const BEFORE_END: Milliseconds = seconds(15);

/** Puts alarms into words for the operator, in the shop's language, and sends them by the second way, if there is one. */
export function makeOperatorAlerts(parts: {
  /** The database may be what is down: then those that are known last have to do. */
  readonly lastSettings: () => Promise<Settings>;
  readonly clock: Clock;
  readonly log: Log;
  /** @returns whether it was taken */
  readonly send: ((alert: Alert, stop: AbortSignal) => Promise<boolean>) | undefined;
}): OperatorAlerts {
  const { lastSettings, clock, log, send } = parts;
  const stopping = new AbortController();

  async function tell(kind: keyof Texts['alert'], link: Link, since: Date): Promise<boolean> {
    if (!send) {
      return true;
    }
    const settings = await lastSettings();
    const texts = textsIn(settings['shop.language']);
    const { state, advice } = describeLink(link, texts);
    const shop = settings['shop.name'];
    const time = formatLocalTime(since, settings['shop.timezone'], texts.locale);
    const text = texts.alert[kind](shop, state, time, advice);
    return send({ text, shop, state, advice, since: since.toISOString() }, stopping.signal);
  }

  const alarm = makeLinkAlarm({ clock, log, tell: ({ kind, since }, link) => tell(kind, link, since) });
  return {
    note: alarm.note,
    async tellOfRestart(link) {
      await within(clock, BEFORE_END, tell('restart', link, clock.now())).catch(() => undefined);
    },
    async stop() {
      stopping.abort();
      await alarm.stop();
    },
  };
}
