import { useEffect, useState } from 'preact/hooks';
import type { PhoneState, WorldState } from '../demo/page-state.ts';

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

/** Follows the server's events. After a lost connection it tells everything anew, so nothing is kept here. */
export function useLiveState(): LiveState {
  const [state, setState] = useState(nothingYet);
  useEffect(() => {
    const events = new EventSource('/events');
    events.addEventListener('open', () => setState((before) => ({ ...before, connected: true })));
    events.addEventListener('error', () => setState((before) => ({ ...before, connected: false })));
    events.addEventListener('world', ({ data }: MessageEvent<string>) => {
      const world = JSON.parse(data) as WorldState;
      setState((before) => ({ ...before, world, worldAt: performance.now() }));
    });
    events.addEventListener('phone', ({ data }: MessageEvent<string>) => {
      const phone = JSON.parse(data) as PhoneState;
      setState((before) => ({ ...before, phones: new Map(before.phones).set(phone.number, phone) }));
    });
    return () => events.close();
  }, []);
  return state;
}
