/** As long as a new phone may take to appear on a busy machine. In milliseconds. */
const PATIENCE = 5000;

let addedAt = Number.NEGATIVE_INFINITY;

/** Somebody adds a phone in this tab. */
export function noteAddedPhone(): void {
  addedAt = performance.now();
}

/** Whether a phone that appears now was added in this tab; one of another tab takes nobody away from where they are. */
export function wasAddedHere(): boolean {
  return performance.now() - addedAt < PATIENCE;
}
