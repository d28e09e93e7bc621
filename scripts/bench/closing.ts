const open: (() => Promise<void> | void)[] = [];

/** Has something ended that was started: at the end of a measurement, at a failure, or when the script is interrupted. */
export function closeLater(close: () => Promise<void> | void): void {
  open.push(close);
}

/** Ends everything that is still open, the youngest first. What cannot be ended keeps nothing else from it. */
export async function closeEverything(): Promise<void> {
  for (let close = open.pop(); close; close = open.pop()) {
    try {
      await close();
    } catch (error) {
      console.error('Something could not be closed:', error);
    }
  }
}
