import type { AddressRefusal } from '../shop/exchange.ts';

/** The shop's own systems: that which is told of events, and that which is asked who has bought. */
export type OutsideSystem = 'webhook' | 'crm';

/** What commands may do about them. The network is slower than an answer may be, so nothing is called here. */
export interface Outside {
  /** Why this web address is never called, if its text alone tells. */
  judge(address: string): AddressRefusal | undefined;
  /** Has a system tried; the asking person is told what came of it. @returns why that cannot be done */
  tryOut(which: OutsideSystem): Promise<'no-phone' | undefined>;
}
