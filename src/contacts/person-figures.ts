/** How much there is of a person. */
export interface PersonFigures {
  /** Of the log. */
  readonly lines: number;
  /** On the disk. */
  readonly files: number;
  readonly orders: number;
  /** And checkouts. */
  readonly carts: number;
  /** What was said about consent. */
  readonly consents: number;
  /** Names, numbers and addresses. */
  readonly names: number;
}
