import type { Ticks } from '../../src/simulator/chat-list.ts';
import type { Paint } from './paint.ts';

/** How lines look: pure text, made from what the phones show. */

const marks: Readonly<Record<Ticks, string>> = { pending: '◷ ', sent: '✓ ', delivered: '✓✓', read: '✓✓' };

/** Under the names: time, space, ticks, space. */
const INDENT = ' '.repeat(12);

/** A narrower terminal than this is left to wrap by itself. */
const NARROWEST = 40;

export interface ShownMessage {
  readonly time: Date;
  readonly ticks: Ticks;
  readonly from: string;
  readonly to: string;
  /** Who acts for `from` when it is not the person, such as `bot`. */
  readonly by: string | undefined;
  readonly text: string;
}

/** A message as the chat shows it; several lines stand indented under the names. */
export function messageLines(message: ShownMessage, paint: Paint, columns: number): string {
  const { time, ticks, from, to, by, text } = message;
  const sender = by ? `${paint.person(from)} ${paint.faint(`(${by})`)}` : paint.person(from);
  const head = `${stamp(time, ticks, paint)} ${sender} → ${paint.person(to)}:`;
  const words = text === '' ? '(a message without words)' : text;
  const plainHead = `${INDENT}${from}${by ? ` (${by})` : ''} → ${to}: `;
  if (!words.includes('\n') && plainHead.length + words.length <= columns) {
    return `${head} ${paint.marked(words)}`;
  }
  return [head, ...words.split('\n').map((line) => INDENT + paint.marked(wrap(line, columns)))].join('\n');
}

/** A change of ticks of messages that are on the screen already. */
export function ticksLine(
  change: { readonly time: Date; readonly ticks: Ticks; readonly by: string; readonly texts: readonly string[] },
  paint: Paint,
): string {
  const { time, ticks, by, texts } = change;
  const what = texts.length === 1 ? quote(texts[0] ?? '') : `${texts.length} messages`;
  const happened: Readonly<Record<Ticks, string>> = {
    pending: 'waiting',
    sent: 'sent',
    delivered: `delivered to ${paint.person(by)}`,
    read: `${paint.read('read')} by ${paint.person(by)}`,
  };
  return `${stamp(time, ticks, paint)} ${happened[ticks]}: ${paint.faint(what)}`;
}

export function typingLine(time: Date, from: string, to: string, paint: Paint): string {
  return `${paint.faint(clockTime(time))}    ${paint.faint(`${from} is typing to ${to} …`)}`;
}

/** A line of the demo itself, not of a chat. */
export function note(text: string, paint: Paint): string {
  return paint.faint(text.replaceAll(/^(?=.)/gm, '· '));
}

export function clockTime(time: Date): string {
  return time.toTimeString().slice(0, 8);
}

const LONGEST_QUOTE = 40;

/** The beginning of a text in quotation marks. */
export function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return `“${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE - 1)}…` : line}”`;
}

function stamp(time: Date, ticks: Ticks, paint: Paint): string {
  const mark = ticks === 'read' ? paint.read(marks.read) : paint.faint(marks[ticks]);
  return `${paint.faint(clockTime(time))} ${mark}`;
}

/** Breaks a line between words so that it stays under the names. */
function wrap(line: string, columns: number): string {
  const room = columns - INDENT.length;
  if (room < NARROWEST || line.length <= room) {
    return line;
  }
  const lines = [''];
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > room) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
    }
  }
  return lines.join(`\n${INDENT}`);
}
