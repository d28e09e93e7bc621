/** Something that cannot be done; the message says what was wrong and what would be right. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
