import type { Phone } from '../phone.ts';

/** Something that cannot be done; the message says what was wrong and what would be right. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** @throws Refusal when the phone is off: nothing can be done with it then */
export function needPower({ name, isOn }: Phone): void {
  if (!isOn) {
    throw new Refusal(`${name}’s phone is off. Switch it on first.`);
  }
}
