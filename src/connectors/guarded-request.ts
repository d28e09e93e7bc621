import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Clock, Milliseconds } from '../lib/time.ts';
import type { Exchange, Silence } from '../shop/exchange.ts';
import { type AddressRules, refusalOf } from './outside-address.ts';

/** What is sent: always JSON, always by POST. */
export interface OutsidePost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For everything together: finding the address, connecting, sending, and reading the answer. */
  readonly limit: Milliseconds;
}

/** Posts to an address that somebody has typed. Rejects only when `stop` is aborted. */
export type PostOutside = (post: OutsidePost, stop: AbortSignal) => Promise<Exchange>;

/** No more of an answer is read (facts/commerce §4). */
const LARGEST_ANSWER = 64 * 1024;

/** All IP addresses of a name. */
type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

const resolveByMachine: Resolve = (host) => lookup(host, { all: true });

/**
 * Makes the one way to addresses that somebody has typed. Only what the rules allow is connected to: the IP addresses are judged in the
 * very lookup whose result is connected to, so a name that is answered differently the next time gains nothing. Redirects are not followed,
 * no connection is kept.
 */
export function makePostOutside(parts: {
  readonly rules: AddressRules;
  readonly clock: Clock;
  readonly resolve?: Resolve;
}): PostOutside {
  const { rules, clock, resolve = resolveByMachine } = parts;
  const guardedLookup = guard(resolve, rules);
  return async (post, stop) => {
    const url = new URL(post.url);
    const why = refusalOf(url, rules);
    if (why) {
      return { kind: 'refused', why };
    }
    const started = clock.ticks();
    const timeout = AbortSignal.timeout(post.limit);
    try {
      const answer = await send(url, post, guardedLookup, AbortSignal.any([timeout, stop]));
      return { kind: 'answered', ...answer, took: Math.round(clock.ticks() - started) };
    } catch (error) {
      stop.throwIfAborted();
      if (error instanceof LeadsInside) {
        return { kind: 'refused', why: 'private' };
      }
      return { kind: 'unanswered', why: timeout.aborted ? 'timeout' : silenceBehind(error) };
    }
  };
}

/** The name leads where no address may lead. */
class LeadsInside extends Error {
  override readonly name = 'LeadsInside';
}

function guard(resolve: Resolve, { isClosed }: AddressRules): LookupFunction {
  return (host, options, done) => {
    const take = (found: readonly LookupAddress[]) => {
      const [first] = found;
      if (!first || found.some(({ address }) => isClosed(address))) {
        done(new LeadsInside(), '');
        return;
      }
      if (options.all) {
        done(null, [...found]);
      } else {
        done(null, first.address, first.family);
      }
    };
    void resolve(host).then(take, (error: NodeJS.ErrnoException) => done(error, ''));
  };
}

type Answer = Pick<Extract<Exchange, { kind: 'answered' }>, 'status' | 'retryAfter' | 'body'>;

function send(url: URL, { headers, body }: OutsidePost, guardedLookup: LookupFunction, signal: AbortSignal) {
  const start = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise<Answer>((settle, fail) => {
    const request = start(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Shopbell',
        ...headers,
      },
      lookup: guardedLookup,
      agent: false,
      signal,
    });
    request.on('error', fail);
    request.on('response', (response) => {
      // From here on there is an answer, whatever becomes of its body.
      request.off('error', fail).on('error', () => undefined);
      const { statusCode: status = 0, headers: answered } = response;
      void readBody(response).then((text) => {
        request.destroy();
        settle({ status, retryAfter: answered['retry-after'], body: text });
      });
    });
    request.end(body);
  });
}

/** Nothing when it is too large or breaks off: the status has come in any case. */
async function readBody(response: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > LARGEST_ANSWER) {
        return undefined;
      }
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  } catch {
    return undefined;
  }
}

function silenceBehind(error: unknown): Silence {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND') {
    return 'unknown-host';
  }
  return /CERT|UNABLE_TO_VERIFY|SELF_SIGNED|ERR_SSL|ERR_TLS/.test(code) ? 'certificate' : 'no-connection';
}
