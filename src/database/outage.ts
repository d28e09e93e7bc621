import { LeaseLost } from './lease.ts';

/**
 * Whether it is no fault of what was being handled: the lease is lost, the database is away (classes 08, 53, 57 and the driver's own codes), it
 * waited too long for us (25P03), or two transactions were in each other's way (class 40).
 */
export function isOutage(error: unknown): boolean {
  if (error instanceof LeaseLost) {
    return true;
  }
  const { code } = ((error as Error).cause ?? error) as { code?: unknown };
  return typeof code === 'string' && /^(08|25P03|40|53|57|CONNECT|CONNECTION|ECONN|ETIMEDOUT|EPIPE)/.test(code);
}
