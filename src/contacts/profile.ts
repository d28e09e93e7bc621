import type { Role } from './member.ts';

/** What is known of a person besides what they bought. */
export interface Profile {
  readonly contactId: number;
  /** As they call themselves in WhatsApp. */
  readonly name: string | undefined;
  /** E.164, the one that was seen last first. */
  readonly phones: readonly string[];
  readonly usernames: readonly string[];
  readonly knownSince: Date;
  readonly privateSince: Date | undefined;
  /** Of those who work for the shop. */
  readonly role: Role | undefined;
  /** What shops have told. */
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly email: string | undefined;
  /** ISO code. */
  readonly country: string | undefined;
  /** As browsers write it, such as `en-US`. */
  readonly locale: string | undefined;
}

/** Somebody as staff call them: how they call themselves, else their name at the shop. */
export function callOf({ name, firstName, lastName }: Pick<Profile, 'name' | 'firstName' | 'lastName'>) {
  return name || [firstName, lastName].filter(Boolean).join(' ') || undefined;
}
