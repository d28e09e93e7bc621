import type { Log } from '../lib/log.ts';
import { aborted, type Clock, later, type Milliseconds, minutes } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';
import type { Link } from './link.ts';
import { type Alarm, decideAlarm, noteLink, nothingToldYet } from './link-alarm.ts';

export interface LinkAlarm {
  /** The state of the link has changed. */
  note(link: Link): void;
  stop(): Promise<void>;
}

/** The way out is often broken by the same trouble: what could not be told is tried again after this time. */
const TRY_AGAIN_AFTER: Milliseconds = minutes(10);

/** Watches the link and tells of outages by the way it is handed; one telling at a time. */
export function makeLinkAlarm(parts: {
  readonly clock: Clock;
  readonly log: Log;
  /** @returns whether it was taken */
  readonly tell: (alarm: Alarm, link: Link) => Promise<boolean>;
}): LinkAlarm {
  const { clock, log, tell } = parts;
  const stopping = new AbortController();
  let link: Link | undefined;
  let memory = nothingToldYet;
  /** What was noted since the last look. */
  let noted: { readonly link: Link; readonly at: Date }[] = [];
  let changed = new AbortController();
  const running = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const until = link && (await look(link));
      await (until ? clock.sleepUntil(until, changed.signal) : aborted(changed.signal));
      changed = changed.signal.aborted ? new AbortController() : changed;
    }
  }

  async function look(current: Link): Promise<Date | undefined> {
    const now = clock.now();
    const decided = decideAlarm(memory, current, now);
    noted = [];
    if (decided.alarm) {
      const taken = await tell(decided.alarm, current).catch((error) => {
        log.warn({ error: describe(error) }, 'An alarm could not be told');
        return false;
      });
      if (!taken) {
        return later(now, TRY_AGAIN_AFTER);
      }
    }
    // What happened while it was told happened after it.
    memory = noted.reduce((before, { link, at }) => noteLink(before, link, at), decided.memory);
    return decided.askAgainAt;
  }

  return {
    note(next) {
      link = next;
      const at = clock.now();
      memory = noteLink(memory, next, at);
      noted.push({ link: next, at });
      changed.abort();
    },
    async stop() {
      stopping.abort();
      changed.abort();
      await running;
    },
  };
}
