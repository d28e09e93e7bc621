import { type Heard, lexiconOf, type Word } from './opt-out-lexicon.ts';
import type { Clause } from './opt-out-normalise.ts';
import { compileShape, type Shape, type Span, spansOf } from './opt-out-shape.ts';
import type { Wording } from './opt-out-wording.ts';

/** How surely something was asked; the higher the surer. */
export const SURE = { unclear: 1, leaning: 2, clear: 3 } as const;
export type Sureness = (typeof SURE)[keyof typeof SURE];

export interface Grammar {
  readonly language: string;
  /** A clause as this language sees it. */
  listen(clause: Clause): Heard;
  /** The surest ask to be left alone in a message, if there is one; `ofOthers` when it speaks of other things too. */
  read(message: readonly Heard[], ofOthers: boolean): Sureness | undefined;
}

/** A language's tables made ready. Throws when a shape names a class that the tables lack. */
export function grammarOf(wording: Wording): Grammar {
  const lexicon = lexiconOf(wording);
  const compile = (shapes: readonly string[]) => shapes.map((shape) => compileShape(shape, lexicon));
  const asks = [
    ...compile(wording.clear).map((shape) => ({ shape, sure: SURE.clear, alone: false })),
    ...compile(wording.leaning).map((shape) => ({ shape, sure: SURE.leaning, alone: false })),
    ...compile(wording.alone).map((shape) => ({ shape, sure: SURE.leaning, alone: true })),
    ...compile(wording.unclear).map((shape) => ({ shape, sure: SURE.unclear, alone: false })),
  ];
  const vetoes = compile(wording.vetoes);
  const shields = compile(wording.shields);
  const contrasts = compile(wording.contrasts);
  const supports = compile(wording.supports);

  function read(message: readonly Heard[], ofOthers: boolean): Sureness | undefined {
    const has = (shapes: readonly Shape[]) =>
      message.some(({ words }) => shapes.some((shape) => spansOf(shape, words).length > 0));
    const found = message.flatMap(({ words }) => {
      const asked = asks
        .filter(({ alone }) => !(alone && ofOthers))
        .map(({ shape, sure }) => ({ sure, spans: spansOf(shape, words) }))
        .filter(({ spans }) => spans.length > 0);
      const taken = asked.length > 0 ? takenAway(words) : [];
      return asked
        .filter(({ spans }) => spans.some((span) => !taken.some((veto) => overlap(veto, span))))
        .map(({ sure }) => sure);
    });
    const surest = Math.max(0, ...found);
    if (surest === SURE.clear || surest === 0) return surest || undefined;
    if (has(contrasts)) return undefined;
    return surest === SURE.leaning && has(supports) ? SURE.clear : (surest as Sureness);
  }

  function takenAway(words: readonly Word[]): readonly Span[] {
    const spans = (shapes: readonly Shape[]) => shapes.flatMap((shape) => spansOf(shape, words));
    return [...spans(vetoes), ...spans(shields).map(reach)];
  }

  return { language: wording.language, listen: (clause) => lexicon.listen(clause), read };
}

/** A shield covers what begins within so many words behind it. */
const SHIELDED_WORDS = 6;

function reach(shield: Span): Span {
  return { from: shield.from, to: shield.to + SHIELDED_WORDS };
}

function overlap(one: Span, other: Span): boolean {
  return one.from < other.to && other.from < one.to;
}
