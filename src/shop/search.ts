import type { Profile } from '../contacts/profile.ts';

/** Somebody who was searched for, with what else than name and phone led there. */
export interface Found {
  readonly profile: Profile;
  readonly email: string | undefined;
  /** The number of an order. */
  readonly order: string | undefined;
}

/** Shorter words would find half the shop. */
export const SHORTEST_SEARCH = 3;
