import type { Alert } from '../admin/operator-alerts.flow.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, later, type Milliseconds, seconds } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';

const TIMEOUT: Milliseconds = seconds(10);

/** Pauses before the second and the third try; there is no fourth. */
const PAUSES: readonly Milliseconds[] = [seconds(5), seconds(30)];

/**
 * Posts alerts to the operator's own address. Neither the address nor what it answers is logged: both may hold secrets.
 *
 * @returns whether the address has taken the alert
 */
export function makeAlertSender({
  url,
  clock,
  log,
}: {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
}): (alert: Alert, stop: AbortSignal) => Promise<boolean> {
  return async (alert, stop) => {
    for (const pause of [...PAUSES, undefined]) {
      const problem = await post(url, alert, stop);
      if (problem === undefined) {
        return true;
      }
      log.warn({ problem }, 'ALERT_URL did not take an alert');
      if (pause === undefined || stop.aborted) {
        break;
      }
      await clock.sleepUntil(later(clock.now(), pause), stop);
    }
    return false;
  };
}

/** @returns what went wrong */
async function post(url: string, alert: Alert, stop: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alert),
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT), stop]),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `status ${response.status}`;
  } catch (error) {
    return describe(error).replaceAll(url, '…');
  }
}
