import { distance } from 'fastest-levenshtein';
import type { Texts } from '../texts/en.ts';
import type { Command } from './command.ts';

/** A command is a line, not a letter: what is longer was meant for somebody else. */
export const LONGEST_COMMAND = 2000;

const SUGGESTIONS = 3;

export type ParsedCommand =
  | { readonly kind: 'command'; readonly command: Command; readonly words: readonly string[]; readonly rest: string }
  | { readonly kind: 'unknown'; readonly given: string; readonly nearest: readonly string[] }
  | { readonly kind: 'too-long'; readonly length: number };

/**
 * Reads what a member typed. English names always work, the aliases of the shop's language too; capitals, a leading `/` and
 * spaces make no difference. What is unknown is answered with the nearest of the `suggested` ones.
 */
export function parseCommand(
  text: string,
  every: readonly Command[],
  suggested: readonly Command[],
  texts: Texts,
): ParsedCommand {
  if (text.length > LONGEST_COMMAND) {
    return { kind: 'too-long', length: text.length };
  }
  const line = text.trim().replace(/^\/\s*/, '');
  const [first = '', ...words] = line.split(/\s+/);
  const name = first.toLowerCase();
  const command = every.find((one) => namesOf(one, texts).includes(name));
  if (command) {
    return { kind: 'command', command, words, rest: line.slice(first.length).trim() };
  }
  return { kind: 'unknown', given: shorten(line), nearest: nearestNames(name, suggested, texts) };
}

/** The three commands nearest to what was typed, each by the word that the reader knows it by. */
function nearestNames(given: string, commands: readonly Command[], texts: Texts): string[] {
  const ranked = commands.map((command) => ({
    name: texts.commands[command.name].usage.split(' ')[0] ?? command.name,
    away: Math.min(...namesOf(command, texts).map((name) => distance(given, name))),
  }));
  return nearest(ranked);
}

/** The texts nearest to `given`, at most three. */
export function nearestTexts(given: string, texts: readonly string[]): string[] {
  return nearest(texts.map((name) => ({ name, away: distance(given, name) })));
}

function nearest(ranked: readonly { readonly name: string; readonly away: number }[]): string[] {
  return ranked
    .toSorted((one, other) => one.away - other.away)
    .slice(0, SUGGESTIONS)
    .map(({ name }) => name);
}

export function namesOf(command: Command, texts: Texts): string[] {
  return [command.name, ...texts.commands[command.name].aliases];
}

const LONGEST_QUOTE = 60;

function shorten(line: string): string {
  const oneLine = line.replaceAll(/\s+/g, ' ');
  return oneLine.length > LONGEST_QUOTE ? `${oneLine.slice(0, LONGEST_QUOTE - 1)}…` : oneLine;
}
