import type { Log } from '../lib/log.ts';
import { type Clock, elapsed, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';
import type { Trouble } from '../shop/connector.ts';
import { parseBody } from './webhook-body.ts';

// How shops are asked over HTTP: with a time limit, a limit of size, and a few more tries. The loop is our own because a library's
// (p-retry) sleeps by the machine's timers, not by our Clock, and computes its pauses before it has seen what the shop asks for.

/** facts/commerce §1.7 */
const TIMEOUT: Milliseconds = seconds(15);
const PAUSES: readonly Milliseconds[] = [seconds(1), seconds(2), seconds(4)];

/** Who asks for more patience is asked again at the next occasion. */
const LONGEST_PAUSE: Milliseconds = minutes(1);

/** A page of a hundred orders with all that plugins add to them has some two or three megabytes. */
const LONGEST_BODY = 8 * 1024 * 1024;

export interface HttpParts {
  readonly clock: Clock;
  readonly log: Log;
  /** A random number from 0 to 1, so that many bots do not come back at the same instant. */
  readonly chance: () => number;
}

export interface HttpQuestion {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it may be carried out twice. If not, it is asked again only when it certainly was not carried out. */
  readonly repeatable: boolean;
  /** How long an answer asks us to wait before the same is asked again; none when it is an answer. */
  readonly pauseAsked?: (body: unknown) => Milliseconds | undefined;
}

export type HttpOutcome =
  | { readonly ok: true; readonly value: HttpAnswer }
  | { readonly ok: false; readonly trouble: Trouble; readonly status: number | undefined };

export interface HttpAnswer {
  readonly headers: Headers;
  /** Out of JSON; ids larger than a number can be are text. */
  readonly body: unknown;
}

export type AskHttp = (question: HttpQuestion, stop: AbortSignal) => Promise<HttpOutcome>;

/** Asks up to four times. What is logged are statuses and names of errors, never what a shop says of people. */
export function makeHttp(parts: HttpParts): AskHttp {
  const { clock, log } = parts;
  return async (question, stop) => {
    for (let tries = 1; ; tries += 1) {
      const outcome = await askOnce(parts, question, stop);
      if (outcome.ok) {
        return outcome;
      }
      log.warn(
        { trouble: outcome.trouble.kind, why: outcome.trouble.detail, tries },
        'A shop did not answer a question',
      );
      const pause = pauseBefore(tries, outcome, question, parts);
      if (pause === undefined || stop.aborted) {
        return outcome;
      }
      await clock.sleep(pause, stop);
      if (stop.aborted) {
        return outcome;
      }
    }
  };
}

type TryOutcome = HttpOutcome & {
  /** Whether another try can help: always, or only where the question may be carried out twice. */
  readonly again?: 'always' | 'if-repeatable';
  readonly pause?: Milliseconds | undefined;
};

/** @returns nothing when it is not asked again */
function pauseBefore(
  tries: number,
  { again, pause }: TryOutcome,
  { repeatable }: HttpQuestion,
  { chance }: HttpParts,
): Milliseconds | undefined {
  const usual = PAUSES[tries - 1];
  if (usual === undefined || again === undefined || (again === 'if-repeatable' && !repeatable)) {
    return undefined;
  }
  const wanted = pause ?? usual;
  return wanted > LONGEST_PAUSE ? undefined : wanted + chance() * seconds(1);
}

async function askOnce({ clock }: HttpParts, question: HttpQuestion, stop: AbortSignal): Promise<TryOutcome> {
  const done = new AbortController();
  const tooLate = new AbortController();
  void clock.sleep(TIMEOUT, done.signal).then(() => tooLate.abort());
  try {
    const response = await fetch(question.url, {
      method: question.method,
      headers: { accept: 'application/json', ...question.headers },
      ...(question.body === undefined ? {} : { body: question.body }),
      // Passwords are for the address that was configured, and for no other.
      redirect: 'manual',
      signal: AbortSignal.any([tooLate.signal, stop]),
    });
    return response.ok ? await readAnswer(response, question) : await readRefusal(response, clock.now());
  } catch (error) {
    const trouble = { kind: 'unreachable', detail: nameOf(error) } as const;
    return { ok: false, trouble, status: undefined, again: 'if-repeatable' };
  } finally {
    done.abort();
  }
}

/** The error's own message may repeat the address. */
function nameOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? error) as { code?: unknown };
  return typeof code === 'string' ? code : (describe(error).split(':')[0] ?? 'Error');
}

async function readAnswer(response: Response, { pauseAsked }: HttpQuestion): Promise<TryOutcome> {
  const bytes = await readLimited(response);
  if (bytes === undefined) {
    return failing('an answer that is too large', response.status);
  }
  let body: unknown;
  try {
    body = parseBody(bytes);
  } catch {
    return failing('an answer that is no JSON', response.status);
  }
  const pause = pauseAsked?.(body);
  return pause === undefined
    ? { ok: true, value: { headers: response.headers, body } }
    : { ok: false, trouble: { kind: 'busy' }, status: response.status, again: 'always', pause };
}

function failing(detail: string, status: number): TryOutcome {
  return { ok: false, trouble: { kind: 'failing', detail }, status };
}

async function readLimited(response: Response): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.byteLength;
    if (length > LONGEST_BODY) {
      return undefined;
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const kinds: Readonly<Record<number, Trouble['kind']>> = { 401: 'refused', 403: 'forbidden', 404: 'not-found' };

async function readRefusal(response: Response, now: Date): Promise<TryOutcome> {
  const { status, headers } = response;
  await response.body?.cancel();
  const detail = `status ${status}`;
  const pause = readRetryAfter(headers.get('retry-after'), now);
  if (status === 429) {
    return { ok: false, trouble: { kind: 'busy' }, status, again: 'always', pause };
  }
  if (status >= 500) {
    return { ok: false, trouble: { kind: 'failing', detail }, status, again: 'if-repeatable', pause };
  }
  // A page that has moved is not the one that was configured.
  const kind = status < 400 ? 'not-found' : (kinds[status] ?? 'failing');
  return { ok: false, trouble: kind === 'failing' ? { kind, detail } : { kind }, status };
}

/** Seconds, or a date (RFC 9110 §10.2.3). */
function readRetryAfter(written: string | null, now: Date): Milliseconds | undefined {
  if (!written) {
    return undefined;
  }
  const span = /^\d+(?:\.\d+)?$/.test(written) ? seconds(Number(written)) : elapsed(now, new Date(written));
  return Number.isFinite(span) ? Math.max(0, span) : undefined;
}
