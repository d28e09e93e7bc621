import type { Address } from './address.ts';

/** What is known of one address of a sighting. */
export interface KnownAddress {
  readonly address: Address;
  readonly contactId: number;
}

/** What a sighting (one envelope that names several addresses of one person) means for who is who. */
export type Identification =
  | { readonly kind: 'new' }
  | { readonly kind: 'known'; readonly contactId: number }
  /** Two contacts turn out to be one person: the older keeps its id. */
  | { readonly kind: 'same-person'; readonly keep: number; readonly absorb: number }
  /** The phone number now belongs to somebody else: it leaves its contact, and what was agreed with that one stays there. */
  | { readonly kind: 'recycled-phone'; readonly contactId: number | undefined };

/**
 * Says who a sighting is. The LID decides, for WhatsApp never gives it to anybody else; a phone number follows it (DESIGN §6).
 *
 * @param phoneOwnerHasOtherLid whether the contact that has the phone has a LID that is not in this sighting
 */
export function identify(
  known: readonly KnownAddress[],
  seen: readonly Address[],
  phoneOwnerHasOtherLid: boolean,
): Identification {
  const byLid = known.find(({ address }) => address.kind === 'lid')?.contactId;
  const byPhone = known.find(({ address }) => address.kind === 'phone')?.contactId;
  const byUsername = known.find(({ address }) => address.kind === 'username')?.contactId;
  if (byPhone !== undefined && byPhone !== byLid && seen.some(({ kind }) => kind === 'lid') && phoneOwnerHasOtherLid) {
    return { kind: 'recycled-phone', contactId: byLid };
  }
  if (byLid !== undefined && byPhone !== undefined && byLid !== byPhone) {
    return { kind: 'same-person', keep: Math.min(byLid, byPhone), absorb: Math.max(byLid, byPhone) };
  }
  const contactId = byLid ?? byPhone ?? byUsername;
  return contactId === undefined ? { kind: 'new' } : { kind: 'known', contactId };
}
