import { GraphQLError } from 'graphql';
import type { DeliveryDesk } from './delivery-desk.ts';
import type { SimulatedShop } from './simulated-shop.ts';

/** Who asks, what they may, and what they are told besides. */
export interface Asking {
  readonly shop: SimulatedShop;
  readonly desk: DeliveryDesk;
  readonly scopes: readonly string[];
  /** On small plans an app is not told who people are: those fields are null (facts/commerce §1.2). */
  readonly hidesPeople: boolean;
  /** Filters that were passed over. */
  readonly warnings: string[];
}

/** @throws GraphQLError that names the right that is missing */
export function needScope({ scopes }: Asking, scope: string, field: string): void {
  const implied = scope.replace(/^read_/, 'write_');
  if (!scopes.includes(scope) && !scopes.includes(implied)) {
    throw accessDenied(field, scope);
  }
}

export function accessDenied(field: string, scope: string): GraphQLError {
  const requiredAccess = `\`${scope}\` access scope.`;
  return new GraphQLError(`Access denied for ${field} field. Required access: ${requiredAccess}`, {
    path: [field],
    extensions: {
      code: 'ACCESS_DENIED',
      documentation: 'https://shopify.dev/api/usage/access-scopes',
      requiredAccess,
    },
  });
}

/** What Shopify tells of a person, when it tells. */
export function shown(value: string | undefined, { hidesPeople }: Asking): string | null {
  return hidesPeople ? null : (value ?? null);
}

export function inUtc(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}
