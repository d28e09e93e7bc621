import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';

/**
 * The terminal: lines come in, lines go out. While a person types, what comes out appears above the line that is being typed;
 * without a terminal it is plain lines in their order.
 */
export class Screen {
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  #reader: Interface | undefined;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#input = input;
    this.#output = output;
  }

  /** Whether a person sits in front of it; else the lines come from a file or a program. */
  get interactive(): boolean {
    return Boolean(this.#input.isTTY && this.#output.isTTY);
  }

  get columns(): number {
    return this.#output.isTTY ? this.#output.columns : Number.POSITIVE_INFINITY;
  }

  readonly print = (text: string): void => {
    const reader = this.interactive ? this.#reader : undefined;
    if (!reader) {
      this.#output.write(`${text}\n`);
      return;
    }
    const { rows } = reader.getCursorPos();
    this.#eraseUp(rows);
    // The reader goes up as many rows as it last used before it draws its line again: they have to be there.
    this.#output.write(`${text}\n${'\n'.repeat(rows)}`);
    reader.prompt(true);
  };

  /**
   * Every line that is typed, until the input ends or `close` is called.
   *
   * @param isShownElsewhere whether the line appears in the chat, so that what was typed can make room for it
   */
  lines(prompt: string, isShownElsewhere: (line: string) => boolean, onInterrupt: () => void): AsyncIterable<string> {
    const reader = createInterface({ input: this.#input, output: this.#output, terminal: this.interactive, prompt });
    this.#reader = reader;
    if (this.interactive) {
      reader.on('line', (line) => {
        if (isShownElsewhere(line)) {
          this.#eraseTyped(stripVTControlCharacters(reader.getPrompt()) + line);
        }
        reader.prompt();
      });
      reader.on('SIGINT', onInterrupt);
      reader.prompt();
    }
    return reader;
  }

  /** A line that a person has typed stands in the terminal already; one from a file does not. */
  echo(line: string): void {
    if (!this.interactive) {
      this.print(`> ${line}`);
    }
  }

  setPrompt(prompt: string): void {
    this.#reader?.setPrompt(prompt);
    if (this.interactive) {
      this.#reader?.prompt(true);
    }
  }

  /** Gives the terminal back. */
  close(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader && this.interactive) {
      this.#eraseUp(reader.getCursorPos().rows);
    }
    reader?.close();
  }

  /** Takes away the line just entered. Only when its width is certain: a wrong count would take a line of the chat. */
  #eraseTyped(typed: string): void {
    if (/^[\x20-\x7e\u00a0-\u024f\u2010-\u2027\u20a0-\u20bf›]*$/.test(typed)) {
      this.#eraseUp(Math.floor(typed.length / this.columns) + 1);
    }
  }

  #eraseUp(rows: number): void {
    moveCursor(this.#output, 0, -rows);
    cursorTo(this.#output, 0);
    clearScreenDown(this.#output);
  }
}
