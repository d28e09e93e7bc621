import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Longer than the demo takes to end in order. */
const STOP_WITHIN_MS = 20_000;

interface DemoOptions {
  /** With npm as people type it, or only the program itself. */
  readonly by?: 'npm' | 'node';
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The demo as a person starts it, in processes of its own, on a port that is free. */
export class DemoProgram {
  readonly #child: ChildProcess;
  #output = '';
  #address = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when the address of the page is printed. */
  static async start({ by = 'node', arguments: given = [], environment = {} }: DemoOptions = {}): Promise<DemoProgram> {
    const [program, first] =
      by === 'npm'
        ? ['npm', ['run', '--silent', 'demo', '--']]
        : [process.execPath, ['--import', 'tsx', 'scripts/demo.ts']];
    // What this shell has set for the bot or for Node must not change what is shown.
    const { LOG_LEVEL: _level, SHOP_LANGUAGE: _language, NODE_OPTIONS: _options, ...inherited } = process.env;
    const child = spawn(program, [...first, '--port', '0', ...given], {
      env: { ...inherited, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of processes of its own, as a terminal makes one, so that it can be ended whole.
      detached: true,
    });
    const demo = new DemoProgram(child);
    await demo.#listen();
    return demo;
  }

  /** Where the page is. */
  get address(): string {
    return this.#address;
  }

  /** Everything that it has printed, complaints too. */
  get output(): string {
    return this.#output;
  }

  /** Ends it as Ctrl-C does, and by force when that does not help. @returns its exit code */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const closed = once(this.#child, 'close');
      const impatient = setTimeout(() => this.kill(), STOP_WITHIN_MS);
      this.#signal('SIGINT');
      await closed;
      clearTimeout(impatient);
    }
    return this.#child.exitCode;
  }

  kill(): void {
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      process.kill(-pid, signal);
    }
  }

  async #listen(): Promise<void> {
    await new Promise<void>((listening, reject) => {
      const collect = (data: Buffer) => {
        this.#output += data.toString();
        this.#address ||= /http:\/\/\S+:\d+\/?/.exec(this.#output)?.[0] ?? '';
        if (this.#address) {
          listening();
        }
      };
      this.#child.stdout?.on('data', collect);
      this.#child.stderr?.on('data', collect);
      this.#child.once('error', reject);
      this.#child.once('close', (code) => reject(new Error(`The demo ended with ${code}: ${this.#output}`)));
    });
  }
}
