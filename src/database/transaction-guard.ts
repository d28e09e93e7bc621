import { AsyncLocalStorage } from 'node:async_hooks';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import * as schema from './schema.ts';

/** How many different statements are kept prepared on each connection; the rest are sent whole every time. */
const PREPARED_STATEMENTS = 300;
const LONGEST_PREPARED_STATEMENT = 3000;

/**
 * The database with one misuse made impossible: a query that goes around an open transaction. In the embedded engine, which has
 * one session, it would wait for the transaction that waits for it; now it throws and names the mistake.
 */
export function guardedDatabase(client: postgres.Sql): PgDatabase<PostgresJsQueryResultHKT, typeof schema> {
  const transactions = new AsyncLocalStorage<{ open: boolean }>();
  const refuseInside = () => {
    if (transactions.getStore()?.open) {
      throw new Error('A query went around the open transaction: pass the transaction on instead of the database');
    }
  };
  const unsafe = preparing(client);
  const guarded = new Proxy(client, {
    get(target, property, receiver) {
      if (property === 'unsafe') {
        return (query: string, parameters?: []) => {
          refuseInside();
          return unsafe(query, parameters);
        };
      }
      if (property === 'begin') {
        return (work: (transaction: postgres.TransactionSql) => Promise<unknown>) => {
          refuseInside();
          return begin(target, transactions, work);
        };
      }
      return Reflect.get(target, property, receiver);
    },
  });
  return drizzle(guarded, { schema });
}

function begin(
  client: postgres.Sql,
  transactions: AsyncLocalStorage<{ open: boolean }>,
  work: (transaction: postgres.TransactionSql) => Promise<unknown>,
): Promise<unknown> {
  return client.begin((transaction) => {
    const context = { open: true };
    const prepared = new Proxy(transaction, {
      get: (target, property, receiver) =>
        property === 'unsafe' ? preparing(target) : Reflect.get(target, property, receiver),
    });
    return transactions.run(context, async () => {
      try {
        return await work(prepared);
      } finally {
        context.open = false;
      }
    });
  });
}

const statementsSeen = new Set<string>();

/** The driver sends what drizzle builds unprepared, which costs a second round trip; short repeated statements are prepared. */
function preparing(client: postgres.ISql) {
  return (query: string, parameters?: []) => {
    const worthIt = query.length <= LONGEST_PREPARED_STATEMENT && (statementsSeen.has(query) || remember(query));
    return client.unsafe(query, parameters, { prepare: worthIt && (parameters?.length ?? 0) > 0 });
  };
}

function remember(query: string): boolean {
  if (statementsSeen.size >= PREPARED_STATEMENTS) {
    return false;
  }
  statementsSeen.add(query);
  return true;
}
