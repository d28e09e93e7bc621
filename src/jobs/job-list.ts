import { minutes } from '../lib/time.ts';
import type { Job } from './jobs.ts';

/** THE list of everything that happens by itself, and when. */
export function listJobs(rooms: {
  readonly orderPoll: {
    pollAll(stop: AbortSignal): Promise<void>;
    recheckAll(stop: AbortSignal): Promise<void>;
  };
  readonly deliveries: {
    /** Takes in what another process has stored. */
    look(): void;
    forgetOld(): Promise<void>;
  };
}): readonly Job[] {
  const { orderPoll, deliveries } = rooms;
  return [
    // First, so that the shop reports again as early as possible.
    {
      name: 'recheck-shops',
      when: { pattern: '40 4 * * *' },
      atStart: true,
      run: (stop) => orderPoll.recheckAll(stop),
    },
    { name: 'poll-orders', when: { every: minutes(10) }, atStart: true, run: (stop) => orderPoll.pollAll(stop) },
    { name: 'look-for-deliveries', when: { every: minutes(1) }, atStart: true, run: async () => deliveries.look() },
    { name: 'forget-deliveries', when: { pattern: '20 4 * * *' }, run: () => deliveries.forgetOld() },
  ];
}
