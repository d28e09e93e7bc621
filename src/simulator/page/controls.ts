import type { Act, WorldState } from '../demo/page-state.ts';
import type { LiveState } from './live-state.ts';

/** Questions of the page that need an answer before anything is done. */
export type Question = 'until' | 'add-phone' | 'unlink';

/** What the parts of the frame that steer this world have in common. */
export interface Controls {
  readonly live: LiveState;
  readonly world: WorldState;
  /** Has it done, and tells when it was refused. */
  readonly perform: (act: Act) => void;
  readonly ask: (question: Question) => void;
}
