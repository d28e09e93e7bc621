/** What goes wrong on purpose. `noFaults` is a server in good health; a test or a chaos run replaces single fields. */
export interface Faults {
  /** What the next login meets; that login uses it up. */
  readonly nextLogin: LoginFault | undefined;
  /** What becomes of the server's acks of a device's messages; a message answered with an error is not delivered. */
  readonly acks: 'sent' | 'held' | { readonly error: number };
  /** How messages, receipts and notifications reach a device: `withheld` is a session that answers pings and is deaf. */
  readonly delivery: 'once' | 'twice' | 'withheld';
  /** Whether WhatsApp forbids the account to write to people who have not written first. */
  readonly reachoutTimelock: { readonly until: Date } | undefined;
}

export type LoginFault =
  | { readonly kind: 'failure'; readonly reason: number }
  | { readonly kind: 'stream-error'; readonly code: number };

export const noFaults: Faults = {
  nextLogin: undefined,
  acks: 'sent',
  delivery: 'once',
  reachoutTimelock: undefined,
};

/** The faults in force at this moment, shared by every part of the server. */
export class FaultBoard {
  #current: Faults = noFaults;

  get current(): Faults {
    return this.#current;
  }

  set(changes: Partial<Faults>): void {
    this.#current = { ...this.#current, ...changes };
  }

  takeLoginFault(): LoginFault | undefined {
    const fault = this.#current.nextLogin;
    this.set({ nextLogin: undefined });
    return fault;
  }
}
