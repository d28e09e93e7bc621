/**
 * Under which WhatsApp knows a person. A phone's value is E.164 with its `+`; a LID's is the bare number that WhatsApp uses instead
 * of the phone; a username's is the name.
 */
export interface Address {
  readonly kind: 'phone' | 'lid' | 'username';
  readonly value: string;
}

/** An address as one text, `kind:value`, the form in which columns keep it. */
export function formatAddress(address: Address): string {
  return `${address.kind}:${address.value}`;
}

export function parseAddress(text: string): Address | undefined {
  const match = /^(phone|lid|username):(.+)$/.exec(text);
  if (!match?.[1] || !match[2]) {
    return undefined;
  }
  return { kind: match[1] as Address['kind'], value: match[2] };
}

export function sameAddress(one: Address, other: Address): boolean {
  return one.kind === other.kind && one.value === other.value;
}

/** Each address once, in their order. */
export function distinctAddresses(addresses: readonly [Address, ...Address[]]): [Address, ...Address[]] {
  const [first, ...others] = addresses;
  const rest = others.filter(
    (one, index) => !addresses.slice(0, index + 1).some((earlier) => sameAddress(earlier, one)),
  );
  return [first, ...rest];
}
