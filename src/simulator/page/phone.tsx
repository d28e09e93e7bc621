import type { PhoneState } from '../demo/page-state.ts';

export interface PhoneProps {
  readonly phone: PhoneState;
  /** All phones, as people one can write to and contact cards one can send. */
  readonly everybody: readonly PhoneState[];
  /** The time in this world, by the minute. */
  readonly now: Date;
  readonly timeZone: string;
  /** Opens the inspector on one message, or on one person as the bot knows them. */
  readonly inspectMessage: (messageId: string) => void;
  readonly inspectContact: (number: string) => void;
  /** Tells the person at the page what could not be done. */
  readonly complain: (sentence: string) => void;
}

/** One phone, as its owner holds it. */
export function Phone({ phone }: PhoneProps) {
  return <pre>{JSON.stringify(phone, undefined, 1)}</pre>;
}
