import { request } from 'node:http';
import type { Milliseconds } from '../../lib/time.ts';

interface Letter {
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The whole answer has to be there by then; real time, because it goes over a real network. */
  readonly answerWithin: Milliseconds;
}

/** Posts to a server of this machine. @returns the status of the answer; undefined when there was none in time */
export function post({ target, headers, body, answerWithin }: Letter): Promise<number | undefined> {
  return new Promise((resolve) => {
    // Each on a connection of its own: one from before a restart would look like a failure.
    const posting = request(target, {
      method: 'POST',
      headers: { ...headers, 'Content-Length': body.length },
      agent: false,
      signal: AbortSignal.timeout(answerWithin),
    });
    posting.on('error', () => resolve(undefined));
    posting.on('response', (response) => {
      response.on('error', () => resolve(undefined));
      response.on('end', () => resolve(response.statusCode));
      response.resume();
    });
    posting.end(body);
  });
}
