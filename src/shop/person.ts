import type { PhoneNumber } from '../contacts/phone.ts';
import type { ShopPerson } from './report.ts';

/** Whom something is about, by the names that tell who it is. */
export interface Named {
  readonly phone: PhoneNumber | undefined;
  readonly customerId: string | undefined;
  /** In small letters. */
  readonly email: string | undefined;
}

/** The names in a report. The phone of somebody who gets a present is not the buyer's (facts/commerce §1.5). */
export function namesOf({ phone, phoneFrom, customerId, email }: ShopPerson): Named {
  return {
    phone: phoneFrom === 'gift' ? undefined : phone,
    customerId,
    email: email?.toLowerCase(),
  };
}

export function isNamed({ phone, customerId, email }: Named): boolean {
  return phone !== undefined || customerId !== undefined || email !== undefined;
}

/** What tells whose something is: the phone alone, where there is one; else all other names. */
export function strongest({ phone, customerId, email }: Named): Named {
  return phone === undefined ? { phone, customerId, email } : { phone, customerId: undefined, email: undefined };
}

/** That as one text, for what a person has one of; none without a name. */
export function holderOf(named: Named): string | undefined {
  const { phone, customerId, email } = strongest(named);
  const names = Object.entries({ phone, customer: customerId, email });
  return names.flatMap(([kind, name]) => (name === undefined ? [] : [`${kind}:${name}`])).join(' ') || undefined;
}

/** Who somebody is from several reports, the oldest first: of each field what was said last. */
export function personFrom(told: readonly ShopPerson[]): ShopPerson {
  return Object.assign({}, ...told);
}
