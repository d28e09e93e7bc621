import { useEffect, useRef, useState } from 'preact/hooks';
import type { PhoneState, WorldState } from '../demo/page-state.ts';
import { timeNow } from './world-time.ts';

/** All that the page shows, as it came last. */
export interface LiveState {
  readonly world: WorldState | undefined;
  readonly phones: ReadonlyMap<string, PhoneState>;
  /** Whether news come in; without them what is on the page may have changed meanwhile. */
  readonly connected: boolean;
  /** When `world` came, on the page's own monotonic clock: its time goes on from there. */
  readonly worldAt: number;
}

const nothingYet: LiveState = { world: undefined, phones: new Map(), connected: false, worldAt: 0 };

/** How long to wait where the browser has given up; for a lost connection it comes back by itself. */
const RETRY_AFTER = 2000;

/**
 * Follows the server's events. After a lost connection it tells everything anew, so nothing is kept here. A tab that nobody sees does
 * not listen: a browser has few connections for one page, and what is not seen must not count as read.
 */
export function useLiveState(): LiveState {
  const [state, setState] = useState(nothingYet);
  useEffect(() => {
    let retry: number | undefined;
    let events: EventSource | undefined;
    const listenWhileSeen = () => {
      clearTimeout(retry);
      events?.close();
      events = document.visibilityState === 'visible' ? follow() : undefined;
    };

    function follow(): EventSource {
      const source = new EventSource('/events');
      source.addEventListener('open', () => setState((before) => ({ ...before, connected: true })));
      source.addEventListener('error', () => {
        setState((before) => ({ ...before, connected: false }));
        if (source.readyState === EventSource.CLOSED) {
          retry = setTimeout(listenWhileSeen, RETRY_AFTER);
        }
      });
      source.addEventListener('world', ({ data }: MessageEvent<string>) => {
        const world = JSON.parse(data) as WorldState;
        setState((before) => ({ ...before, world, worldAt: performance.now() }));
      });
      source.addEventListener('phone', ({ data }: MessageEvent<string>) => {
        const phone = JSON.parse(data) as PhoneState;
        setState((before) => ({ ...before, phones: new Map(before.phones).set(phone.number, phone) }));
      });
      return source;
    }

    listenWhileSeen();
    document.addEventListener('visibilitychange', listenWhileSeen);
    return () => {
      document.removeEventListener('visibilitychange', listenWhileSeen);
      clearTimeout(retry);
      events?.close();
    };
  }, []);
  return state;
}

/**
 * The time in this world, as an instant in steps of `step` milliseconds; it changes when a step is over. Stands still without
 * news: what the page cannot know it does not claim.
 */
export function useWorldTime({ world, worldAt, connected }: LiveState, step: number): number {
  const seen = useRef(0);
  const read = () => {
    const now = world ? timeNow(world.clock, performance.now() - worldAt) : 0;
    return Math.floor(now / step) * step;
  };
  const [, tell] = useState(0);
  useEffect(() => {
    if (!connected) {
      return;
    }
    const ticking = setInterval(() => tell(read()), Math.min(step, 250));
    return () => clearInterval(ticking);
  }, [world, worldAt, connected, step]);
  seen.current = connected ? read() : seen.current;
  return seen.current;
}
