import { setMaxListeners } from 'node:events';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { aborted } from '../../lib/time.ts';

/** What can go wrong with a question to a shop's API. */
export type Trouble =
  | 401
  | 403
  | 404
  | 429
  | 500
  | 503
  /** No answer, for as long as the asker waits. */
  | 'hang'
  /** The connection ends in the middle. */
  | 'cut'
  /** At Shopify: the budget is used up. */
  | 'throttled'
  /** At Shopify: a right is missing for one field. */
  | 'access-denied'
  /** At Shopify: it does not say who the people are. */
  | 'hidden'
  /** At Shopify: another version answers than was asked. */
  | 'other-version';

/** Seconds that somebody who asks too often is told to wait. */
const RETRY_AFTER = '2';

/** Which of the next questions fail, and how. */
export class ApiTroubles {
  readonly #next: Trouble[] = [];
  readonly #closing = new AbortController();
  /** Every question so far: method, path, and the name of the operation if it has one. */
  readonly asked: string[] = [];

  constructor() {
    setMaxListeners(0, this.#closing.signal);
  }

  failNext(count: number, trouble: Trouble): void {
    this.#next.push(...Array.from({ length: count }, () => trouble));
  }

  /** The trouble that this question has, if it is one of these kinds. */
  take(...kinds: readonly Trouble[]): Trouble | undefined {
    const [next] = this.#next;
    return next !== undefined && kinds.includes(next) ? this.#next.shift() : undefined;
  }

  /** Ends whoever hangs. */
  close(): void {
    this.#closing.abort();
  }

  /** Fails what any server can fail at, before the shop itself has a say. */
  readonly stand: MiddlewareHandler<{ Bindings: HttpBindings }> = async (context, next) => {
    this.asked.push(`${context.req.method} ${context.req.path}`);
    const trouble = this.take(401, 403, 404, 429, 500, 503, 'hang', 'cut');
    switch (trouble) {
      case undefined:
        return next();
      case 'hang':
        await aborted(AbortSignal.any([this.#closing.signal, context.req.raw.signal]));
        return context.body(null, 503);
      case 'cut':
        context.env.outgoing.destroy();
        return context.body(null);
      default:
        return fail(context, trouble as 401);
    }
  };
}

function fail(context: Context, status: 401 | 403 | 404 | 429 | 500 | 503): Response {
  if (status === 429) {
    context.header('Retry-After', RETRY_AFTER);
  }
  return context.json({ errors: `[API] ${status}` }, status);
}
