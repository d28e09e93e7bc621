import type { PhoneProps } from './phone.tsx';

/** What every screen of a phone knows. */
export interface AppProps extends PhoneProps {
  /** Whether the phone is on the page's visible part, so that what is on its screen is read. */
  readonly isSeen: boolean;
  /** Whether it has the keyboard: the only phone whose news are read out. */
  readonly isAttended: boolean;
}
