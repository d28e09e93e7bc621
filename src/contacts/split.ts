/** Somebody as staff know them. Never a LID: it looks like a phone number and is none. */
export interface Person {
  readonly name: string | undefined;
  /** E.164. */
  readonly phone: string | undefined;
  readonly username: string | undefined;
  /** Lines of the log. */
  readonly lines: number;
}

/** What became of the wish to take two people apart again. */
export type SplitOutcome =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'never-joined' }
  | { readonly kind: 'split'; readonly people: readonly [Person, Person] };
