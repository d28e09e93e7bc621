import { distance } from 'fastest-levenshtein';
import type { Texts } from '../texts/en.ts';
import type { Command } from './command.ts';

/** A command is a line, not a letter: what is longer was meant for somebody else. */
export const LONGEST_COMMAND = 2000;

const SUGGESTIONS = 3;

export type ParsedCommand =
  | { readonly kind: 'command'; readonly command: Command; readonly words: readonly string[]; readonly rest: string }
  /** `likely`: the nearest is so near that it was probably meant. */
  | { readonly kind: 'unknown'; readonly given: string; readonly nearest: readonly string[]; readonly likely: boolean }
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
  const ranked = suggested.map((one) => ({
    // By the word that the reader knows it by.
    name: texts.commands[one.name].usage.split(' ')[0] ?? one.name,
    away: Math.min(...namesOf(one, texts).map((known) => distance(name, known))),
  }));
  const likely = ranked.some(({ name: known, away }) => away <= Math.max(1, Math.floor(known.length / 2)));
  return { kind: 'unknown', given: shorten(line), nearest: nearest(ranked), likely };
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
  // By characters, not by their halves: an emoji is not cut in two.
  const characters = [...line.replaceAll(/\s+/g, ' ')];
  return characters.length > LONGEST_QUOTE
    ? `${characters.slice(0, LONGEST_QUOTE - 1).join('')}…`
    : characters.join('');
}
