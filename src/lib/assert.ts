/** Stops at a bug of ours: a condition that our own code promised. Never for what people or the network send. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) {
    throw new Error(`Broken promise: ${message}`);
  }
}
