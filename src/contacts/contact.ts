import { type Address, sameAddress } from './address.ts';

type Kind = Address['kind'];

/** What is known of one address of a sighting. */
export interface KnownAddress {
  readonly address: Address;
  readonly contactId: number;
}

/** What a sighting (one envelope that names several addresses of one person) means for who is who. */
export interface Identification {
  /** Whose sighting it is; absent when it is somebody new. Of several contacts that turn out to be one, the older. */
  readonly contactId: number | undefined;
  /** Contacts that turn out to be the same person as `contactId`, in the order in which they are to be joined to it. */
  readonly samePersonAs: readonly number[];
  /** Addresses that now belong to this person and did to somebody else, whose history and consent stay behind. */
  readonly changedHands: readonly Address[];
}

/** The LID first, for WhatsApp never gives it to anybody else; a phone number may be given out again, a username within a day. */
const strongestFirst: readonly Kind[] = ['lid', 'phone', 'username'];

/**
 * Says who a sighting is (DESIGN §6). Two contacts that it names are one person, unless both have an address of a stronger kind than
 * the one that connects them: a phone that comes with a second LID, or a username with a second LID or phone, has changed hands.
 *
 * @param kindsOf the kinds of address that a contact has; a LID that WhatsApp has called out of date does not count
 */
export function identify(
  known: readonly KnownAddress[],
  seen: readonly Address[],
  kindsOf: (contactId: number) => ReadonlySet<Kind>,
): Identification {
  const same = new Set<number>();
  const changedHands: Address[] = [];
  const kinds = new Set<Kind>();
  for (const address of seen.toSorted((one, other) => rank(one.kind) - rank(other.kind))) {
    const owner = known.find((one) => sameAddress(one.address, address))?.contactId;
    const stronger = strongestFirst.slice(0, rank(address.kind));
    if (owner !== undefined && !same.has(owner)) {
      const theirs = kindsOf(owner);
      if (stronger.some((kind) => kinds.has(kind) && theirs.has(kind))) {
        changedHands.push(address);
      } else {
        same.add(owner);
        for (const kind of theirs) {
          kinds.add(kind);
        }
      }
    }
    kinds.add(address.kind);
  }
  const [contactId, ...samePersonAs] = [...same].toSorted((one, other) => one - other);
  return { contactId, samePersonAs, changedHands };
}

function rank(kind: Kind): number {
  return strongestFirst.indexOf(kind);
}
