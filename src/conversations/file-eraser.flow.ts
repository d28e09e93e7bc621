import { rm } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { Database } from '../database/database.ts';
import type { Lease } from '../database/lease.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/time.ts';
import { makeWorkLoop, type WorkLoop } from '../lib/work-loop.ts';
import { dueFiles, fileGone, nextFileDue } from './doomed-files.store.ts';

/**
 * Takes files from the disk that are to go, when they are due: after the transaction that decided it, so that nothing is lost which the
 * database still knows of. What is interrupted goes on at the next start.
 */
export function makeFileEraser(parts: {
  readonly database: Database;
  /** The files lie with the process that acts. */
  readonly lease: Lease;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDirectory: string;
}): WorkLoop {
  const { database, lease, clock, log, dataDirectory } = parts;
  let wokenAt: Date | undefined;
  const loop = makeWorkLoop({
    name: 'Erasing files',
    work: (stop) => lease.whileHeld(() => work(stop)),
    clock,
    log,
  });

  async function work(stop: AbortSignal): Promise<void> {
    const files = await dueFiles(database, clock.now());
    for (const file of files) {
      await erase(file);
      await fileGone(database, file);
    }
    wakeAt(await nextFileDue(database), stop);
  }

  async function erase(file: string): Promise<void> {
    const path = resolve(dataDirectory, file);
    if (path.startsWith(resolve(dataDirectory) + sep)) {
      await rm(path, { force: true });
    }
  }

  function wakeAt(due: Date | undefined, stop: AbortSignal): void {
    if (due && (!wokenAt || due < wokenAt)) {
      wokenAt = due;
      void clock.sleepUntil(due, stop).then(() => {
        wokenAt = undefined;
        loop.wake();
      });
    }
  }

  return loop;
}
