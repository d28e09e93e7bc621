import type { PhoneState } from '../demo/page-state.ts';
import type { StoreState, StoreStep } from '../demo/page-store.ts';

/** The parts of the online shop. */
export type StorePage = 'goods' | 'cart' | 'office';

/** What is being typed at the checkout. */
export interface StoreDraft {
  readonly name: string;
  readonly phone: string;
  readonly consents: boolean;
}

/** What every part of the online shop knows. */
export interface StoreView {
  readonly store: StoreState;
  /** Those with a phone here who may buy. */
  readonly people: readonly PhoneState[];
  readonly draft: StoreDraft;
  readonly setDraft: (draft: StoreDraft) => void;
  readonly perform: (step: StoreStep) => void;
  readonly show: (page: StorePage) => void;
  readonly moment: (instant: string) => string;
}
