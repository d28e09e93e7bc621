/** Stops at a bug of ours: a condition that our own code promised. Never for what people or the network send. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) {
    throw new Error(`Broken promise: ${message}`);
  }
}

/** Closes a `switch` over a union: a new member that is not handled does not compile. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
