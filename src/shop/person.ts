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

/** The strongest name, for what a person has one of. */
export function holderOf({ phone, customerId, email }: Named): string | undefined {
  if (phone !== undefined) {
    return `phone:${phone}`;
  }
  return customerId === undefined ? email && `email:${email}` : `customer:${customerId}`;
}

/** Who somebody is from several reports, the oldest first: of each field what was said last. */
export function personFrom(told: readonly ShopPerson[]): ShopPerson {
  return told.reduce((before, next) => ({ ...before, ...next }), {});
}
