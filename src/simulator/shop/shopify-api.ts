import { readFileSync } from 'node:fs';
import type { HttpBindings } from '@hono/node-server';
import {
  buildSchema,
  type DocumentNode,
  execute,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { type Context, Hono } from 'hono';
import { type Clock, hours, later } from '../../lib/time.ts';
import { ApiTroubles } from './api-trouble.ts';
import { CostBucket, costOf, DEAREST } from './query-cost.ts';
import { makeAnswers } from './shopify-answers.ts';
import { type Asking, accessDenied } from './shopify-asking.ts';

/** How long a token lives that an app gets for its id and secret (facts/commerce §1.2). */
const TOKEN_LIVES = hours(24);

const SUPPORTED = ['2026-07', '2026-10'];

const readSchema = (name: string) => readFileSync(new URL(`${name}.graphql`, import.meta.url), 'utf8');
const schema = buildSchema(`${readSchema('shopify-admin')}\n${readSchema('shopify-admin-orders')}`);

/** What an app has to know to be let in; either of the two. */
export interface ShopifyAccess {
  /** A token that never ends, of an app from before 2026. */
  readonly token?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

interface ShopifyApiParts extends Pick<Asking, 'shop' | 'desk'> {
  readonly access: ShopifyAccess;
  readonly scopes?: readonly string[];
}

/** What an app of the usual kind may do. */
const usualScopes = ['read_orders', 'read_customers', 'write_customers', 'write_discounts'];

/** The Admin API of a Shopify shop: the budget, the tokens and the versions too. */
export class ShopifyApi {
  readonly app = new Hono<{ Bindings: HttpBindings }>();
  readonly troubles = new ApiTroubles();
  readonly bucket: CostBucket;
  /** What the app may do; can be changed. */
  scopes: readonly string[];
  hidesPeople = false;
  readonly #parts: ShopifyApiParts;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, Date>();

  constructor(parts: ShopifyApiParts) {
    this.#parts = parts;
    this.#clock = parts.shop.clock;
    this.bucket = new CostBucket(this.#clock);
    this.scopes = parts.scopes ?? usualScopes;
    this.app.use(this.troubles.stand);
    this.app.post('/admin/oauth/access_token', (context) => this.#grant(context));
    this.app.post('/admin/api/:version/graphql.json', (context) => this.#answer(context));
  }

  /** Makes every token that was given out useless, as when the secret is changed. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  async #grant(context: Context): Promise<Response> {
    const { clientId, clientSecret } = this.#parts.access;
    const { grant_type: grant, client_id: id, client_secret: secret } = await context.req.parseBody();
    const isRight = id !== undefined && id === clientId && secret === clientSecret;
    if (!isRight || grant !== 'client_credentials' || !this.#parts.shop.isInstalled) {
      return context.json({ error: 'invalid_client' }, 400);
    }
    const token = `shpat_${this.#parts.shop.ids.token(32)}`;
    this.#tokens.set(token, later(this.#clock.now(), TOKEN_LIVES));
    return context.json({ access_token: token, scope: this.scopes.join(','), expires_in: TOKEN_LIVES / 1000 });
  }

  async #answer(context: Context): Promise<Response> {
    if (!this.#letsIn(context.req.header('X-Shopify-Access-Token'))) {
      const errors = '[API] Invalid API key or access token (unrecognized login or wrong password)';
      return context.json({ errors }, 401);
    }
    const asked = context.req.param('version') ?? '';
    const supported = SUPPORTED.includes(asked) ? asked : (SUPPORTED[0] ?? '');
    context.header('X-Shopify-API-Version', this.troubles.take('other-version') ? '2026-10' : supported);
    const { query, variables } = await readQuestion(context);
    return context.json(await this.#execute(query, variables));
  }

  #letsIn(token: string | undefined): boolean {
    const { access, shop } = this.#parts;
    const endsAt = token === undefined ? undefined : this.#tokens.get(token);
    const isAlive = endsAt !== undefined && endsAt > this.#clock.now();
    return shop.isInstalled && token !== undefined && (token === access.token || isAlive);
  }

  async #execute(query: string, variables: Readonly<Record<string, unknown>>): Promise<object> {
    const document = readDocument(query);
    if (!('kind' in document)) {
      return document;
    }
    const operation = getOperationAST(document);
    if (!operation) {
      return { errors: [{ message: 'No operation' }] };
    }
    this.troubles.asked.push(operation.name?.value ?? 'without a name');
    const cost = costOf(schema, document, operation, variables);
    const refusal = this.#refuse(cost, operation);
    return refusal ?? this.#run(document, variables, cost);
  }

  #refuse(cost: number, operation: OperationDefinitionNode): object | undefined {
    if (this.troubles.take('access-denied')) {
      const [first] = operation.selectionSet.selections;
      const field = first?.kind === 'Field' ? first.name.value : '';
      return { errors: [accessDenied(field, 'read_orders').toJSON()], data: null };
    }
    if (cost > DEAREST) {
      const message = `Query cost is ${cost}, which exceeds the single query max cost limit (${DEAREST}).`;
      return { errors: [{ message, extensions: { code: 'MAX_COST_EXCEEDED', cost, maxCost: DEAREST } }] };
    }
    if (this.troubles.take('throttled') || !this.bucket.spend(cost)) {
      const extensions = { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' };
      return { errors: [{ message: 'Throttled', extensions }], extensions: { cost: this.#cost(cost, null) } };
    }
    return undefined;
  }

  async #run(document: DocumentNode, variableValues: Readonly<Record<string, unknown>>, cost: number): Promise<object> {
    const { shop, desk } = this.#parts;
    const warnings: string[] = [];
    const hidesPeople = this.hidesPeople || this.troubles.take('hidden') !== undefined;
    const rootValue = makeAnswers({ shop, desk, scopes: this.scopes, hidesPeople, warnings });
    const { data, errors } = await execute({ schema, document, rootValue, variableValues });
    return {
      ...(errors ? { errors: errors.map((error) => error.toJSON()) } : {}),
      data,
      extensions: { cost: this.#cost(cost, cost), ...(warnings.length > 0 ? { search: warnings.map(warn) } : {}) },
    };
  }

  #cost(requestedQueryCost: number, actualQueryCost: number | null): object {
    return { requestedQueryCost, actualQueryCost, throttleStatus: this.bucket.status };
  }
}

/** The operation, or what is wrong with it. */
function readDocument(query: string): DocumentNode | { readonly errors: readonly object[] } {
  try {
    const document = parse(query);
    const problems = validate(schema, document);
    return problems.length > 0 ? { errors: problems.map((problem) => problem.toJSON()) } : document;
  } catch (error) {
    if (error instanceof GraphQLError) {
      return { errors: [error.toJSON()] };
    }
    throw error;
  }
}

async function readQuestion(context: Context): Promise<{ query: string; variables: Record<string, unknown> }> {
  const body: unknown = await context.req.json().catch(() => undefined);
  const { query, variables } = (body ?? {}) as { query?: unknown; variables?: unknown };
  return {
    query: typeof query === 'string' ? query : '',
    variables: (variables ?? {}) as Record<string, unknown>,
  };
}

function warn(field: string) {
  return { warnings: [{ field, message: 'Invalid search field for this query.', code: 'invalid_field' }] };
}
