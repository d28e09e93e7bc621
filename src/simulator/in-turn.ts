/** Runs tasks one after the other in the order in which they were handed in. */
export type Turn = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** A phone does its encryption in turn, so that the order of its messages is also the order of its ratchet. */
export function makeTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}
