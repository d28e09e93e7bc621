import { z } from 'zod';
import type { Log } from '../lib/log.ts';
import { type Clock, hours, type Milliseconds, seconds } from '../lib/time.ts';
import type { Answer, Trouble } from '../shop/connector.ts';
import type { ShopifyAccess, ShopifyLogin } from '../shop/outside-access.ts';
import { type AskHttp, type HttpAnswer, type HttpOutcome, makeHttp } from './shop-http.ts';
import type { ShopifyOperation } from './shopify-operations.ts';

// Shopify's Admin API: own lines, because its client library sleeps milliseconds where Shopify says seconds, and never waits when it
// is throttled (facts/commerce §1.7).

export interface ShopifyClient {
  run<Shape extends z.ZodType>(
    operation: ShopifyOperation<Shape>,
    variables: Readonly<Record<string, unknown>>,
    stop: AbortSignal,
  ): Promise<Answer<z.infer<Shape>>>;
}

export function makeShopifyClient(parts: {
  readonly access: ShopifyAccess;
  readonly login: ShopifyLogin;
  readonly clock: Clock;
  readonly log: Log;
  readonly chance: () => number;
}): ShopifyClient {
  const { access, login, clock, log } = parts;
  const home = access.apiUrl ?? `https://${access.shop}`;
  const ask = makeHttp(parts);
  const tokens = login.kind === 'token' ? permanentToken(login.token) : renewedTokens(login, home, ask, clock);
  const noteVersion = makeVersionWatch(access.apiVersion, log);

  async function post(operation: ShopifyOperation, variables: object, token: string, stop: AbortSignal) {
    const question = {
      url: `${home}/admin/api/${access.apiVersion}/graphql.json`,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-shopify-access-token': token },
      body: JSON.stringify({ query: operation.text, variables }),
      repeatable: !operation.changes,
      pauseAsked: throttlePause,
    } as const;
    return ask(question, stop);
  }

  /** A token may have been taken back before its time: then once with a new one. */
  async function postWithToken(
    operation: ShopifyOperation,
    variables: object,
    stop: AbortSignal,
  ): Promise<HttpOutcome> {
    const token = await tokens.current(stop);
    if (!token.ok) {
      return { ...token, status: undefined };
    }
    const outcome = await post(operation, variables, token.value, stop);
    if (outcome.ok || outcome.status !== 401 || !tokens.forget(token.value)) {
      return outcome;
    }
    const renewed = await tokens.current(stop);
    return renewed.ok ? post(operation, variables, renewed.value, stop) : { ...renewed, status: undefined };
  }

  return {
    async run(operation, variables, stop) {
      const outcome = await postWithToken(operation, variables, stop);
      if (!outcome.ok) {
        return { ok: false, trouble: outcome.trouble };
      }
      noteVersion(outcome.value);
      return readData(outcome.value.body, operation.answer, log);
    },
  };
}

interface Tokens {
  current(stop: AbortSignal): Promise<Answer<string>>;
  /** The shop does not accept it. @returns whether another can be had */
  forget(token: string): boolean;
}

function permanentToken(token: string): Tokens {
  return { current: () => Promise.resolve({ ok: true, value: token }), forget: () => false };
}

const grantShape = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** So long before its end a token is renewed; one that lives shorter, after half of its life. */
const EARLY: Milliseconds = hours(1);

function renewedTokens(
  { id, secret }: Extract<ShopifyLogin, { kind: 'client' }>,
  home: string,
  ask: AskHttp,
  clock: Clock,
): Tokens {
  let held: { readonly token: string; readonly renewAt: Milliseconds } | undefined;
  let onItsWay: Promise<Answer<string>> | undefined;

  async function renew(stop: AbortSignal): Promise<Answer<string>> {
    const question = {
      url: `${home}/admin/oauth/access_token`,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }).toString(),
      repeatable: true,
    } as const;
    const outcome = await ask(question, stop);
    if (!outcome.ok) {
      // Whatever it does not like about the client id and its secret.
      const isRefused = outcome.status === 400 || outcome.status === 403;
      return { ok: false, trouble: isRefused ? { kind: 'refused' } : outcome.trouble };
    }
    const grant = grantShape.safeParse(outcome.value.body);
    if (!grant.success) {
      return { ok: false, trouble: { kind: 'failing', detail: 'a login that cannot be read' } };
    }
    const { access_token: token, expires_in: life } = grant.data;
    held = { token, renewAt: clock.ticks() + Math.max(seconds(life) - EARLY, seconds(life) / 2) };
    return { ok: true, value: token };
  }

  return {
    async current(stop) {
      if (held && clock.ticks() < held.renewAt) {
        return { ok: true, value: held.token };
      }
      onItsWay ??= renew(stop).finally(() => {
        onItsWay = undefined;
      });
      return onItsWay;
    },
    forget(token) {
      held = held?.token === token ? undefined : held;
      return true;
    },
  };
}

const errorsShape = z.array(
  z.object({
    message: z.string().catch(''),
    path: z.array(z.unknown()).nullish(),
    extensions: z
      .object({ code: z.string().nullish(), requiredAccess: z.string().nullish() })
      .nullish()
      .catch(undefined),
  }),
);

const answerShape = z.object({
  data: z.unknown().optional(),
  errors: errorsShape.nullish().catch(undefined),
  extensions: z
    .object({
      cost: z.object({
        requestedQueryCost: z.number(),
        throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number() }),
      }),
    })
    .nullish()
    .catch(undefined),
});

/** When it can be asked again that was asked more than the budget of points allows. */
function throttlePause(body: unknown): Milliseconds | undefined {
  const read = answerShape.safeParse(body);
  if (!read.success || !read.data.errors?.some(({ extensions }) => extensions?.code === 'THROTTLED')) {
    return undefined;
  }
  const { cost } = read.data.extensions ?? {};
  const missing = cost ? cost.requestedQueryCost - cost.throttleStatus.currentlyAvailable : 0;
  const rate = cost && cost.throttleStatus.restoreRate > 0 ? cost.throttleStatus.restoreRate : 100;
  return seconds(Math.max(0, missing) / rate + 0.5);
}

function readData<Shape extends z.ZodType>(body: unknown, shape: Shape, log: Log): Answer<z.infer<Shape>> {
  const answer = answerShape.safeParse(body);
  if (!answer.success) {
    return { ok: false, trouble: { kind: 'failing', detail: 'an answer of another shape' } };
  }
  const { errors, data } = answer.data;
  // A field inside an order that this app may not see is null, and the order is there all the same.
  const serious = errors?.find(
    ({ path, extensions }) => extensions?.code !== 'ACCESS_DENIED' || (path?.length ?? 0) < 2,
  );
  if (serious) {
    return { ok: false, trouble: troubleOf(serious) };
  }
  if (errors?.[0]) {
    log.warn({ scope: scopeOf(errors[0]) }, 'Shopify hides a part of what was asked');
  }
  const read = shape.safeParse(data);
  return read.success
    ? { ok: true, value: read.data }
    : { ok: false, trouble: { kind: 'failing', detail: 'an answer of another shape' } };
}

type GraphqlError = z.infer<typeof errorsShape>[number];

function troubleOf(error: GraphqlError): Trouble {
  const code = error.extensions?.code ?? 'an error without a code';
  return code === 'ACCESS_DENIED' ? { kind: 'forbidden', detail: scopeOf(error) } : { kind: 'failing', detail: code };
}

/** The scope that is missing, as far as Shopify names it; else what was asked. */
function scopeOf({ message, path, extensions }: GraphqlError): string {
  const named = /\b(?:read|write)_[a-z_]+/.exec(`${extensions?.requiredAccess ?? ''} ${message}`);
  return named?.[0] ?? String(path?.[0] ?? 'unknown');
}

/** Shopify falls forward to another version when ours is too old, and says beforehand what will go: each is worth one line. */
function makeVersionWatch(asked: string, log: Log) {
  const told = new Set<string>();
  return ({ headers }: HttpAnswer) => {
    const answered = headers.get('x-shopify-api-version') ?? asked;
    const deprecated = headers.get('x-shopify-api-deprecated-reason');
    if (answered !== asked && !told.has(answered)) {
      told.add(answered);
      log.warn(
        { asked, answered },
        'Shopify answers with another version of its API: update SHOPIFY_API_VERSION or Shopbell',
      );
    }
    if (deprecated && !told.has(deprecated)) {
      told.add(deprecated);
      log.warn({ deprecated }, 'Shopify will take away something that Shopbell uses: update Shopbell');
    }
  };
}
