const RATE = 0.4;
const SHRINK = 1e-5;
/** This share of the weights, the largest, may be cut to what a byte holds. */
const CUT = 0.0005;

/** What is seen in one example, and whether it is one of those looked for. */
export interface Example {
  readonly features: Int32Array;
  readonly values: Float64Array;
  readonly isOne: boolean;
  /** How much it counts; 1 is usual. */
  readonly counts: number;
}

/**
 * Logistic regression by stochastic gradient descent, with AdaGrad's step for each weight (Duchi et al. 2011). The mean of the second
 * half of the rounds is taken: it depends less on the order of the examples than the last round does.
 */
export function regression(
  examples: readonly Example[],
  size: number,
  rounds: number,
  random: () => number,
): Float64Array {
  const weights = new Float64Array(size);
  const moved = new Float64Array(size).fill(1e-6);
  const settled = new Float64Array(size);
  const from = Math.floor(rounds / 2);
  for (let round = 0; round < rounds; round++) {
    for (const example of shuffled(examples, random)) {
      learn(example, weights, moved);
    }
    if (round >= from) {
      for (const [at, weight] of weights.entries()) settled[at] = (settled[at] ?? 0) + weight / (rounds - from);
    }
  }
  return settled;
}

function learn({ features, values, isOne, counts }: Example, weights: Float64Array, moved: Float64Array): void {
  let sum = 0;
  for (let at = 0; at < features.length; at++) {
    sum += (weights[features[at] ?? 0] ?? 0) * (values[at] ?? 0);
  }
  const miss = (1 / (1 + Math.exp(-sum)) - (isOne ? 1 : 0)) * counts;
  for (let at = 0; at < features.length; at++) {
    const feature = features[at] ?? 0;
    const weight = weights[feature] ?? 0;
    const slope = miss * (values[at] ?? 0) + SHRINK * weight;
    const path = (moved[feature] ?? 0) + slope * slope;
    moved[feature] = path;
    weights[feature] = weight - (RATE / Math.sqrt(path)) * slope;
  }
}

/** The weights in whole steps that fit a byte, in base64. */
export function pack(weights: Float64Array): { readonly values: string; readonly step: number } {
  const sizes = weights.map(Math.abs).sort().reverse();
  const step = Number(((sizes[Math.floor(sizes.length * CUT)] ?? 1) / 127).toPrecision(6));
  const values = Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / step))));
  return { values: Buffer.from(values.buffer).toString('base64'), step };
}

function shuffled<T>(rows: readonly T[], random: () => number): readonly T[] {
  const keyed = rows.map((row) => ({ row, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ row }) => row);
}
