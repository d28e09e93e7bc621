import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** Tests run in the project's folder, after the build. */
const PROGRAM = resolve('dist/main.js');
const TOKEN = 'token-of-the-simulation';

/** The bot as it is installed: the built program in a process of its own, which can be killed. */
export class BotProcess {
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #output = '';

  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment;
  }

  /** Everything that the process has printed since its last start. */
  get output(): string {
    return this.#output;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts the process and resolves when its web server listens. */
  async start(): Promise<void> {
    this.#output = '';
    const child = spawn(process.execPath, [PROGRAM], {
      env: { PORT: '0', HTTP_TOKEN: TOKEN, LOG_LEVEL: 'error', ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    await new Promise<void>((listening, reject) => {
      const collect = (data: Buffer) => {
        this.#output += data.toString();
        if (this.#output.includes('Pairing page:')) {
          listening();
        }
      };
      child.stdout?.on('data', collect);
      child.stderr?.on('data', collect);
      child.once('close', (code) => reject(new Error(`The bot ended with ${code}: ${this.#output}`)));
    });
  }

  /** Runs a process that is expected to end by itself. @returns its exit code */
  async runToEnd(): Promise<number | null> {
    await this.start().catch(() => undefined);
    return this.#child?.exitCode ?? null;
  }

  /** The answer of a page, with the token. */
  async get(path: string): Promise<Response> {
    return fetch(this.#address(path), { headers: { authorization: `Bearer ${TOKEN}` } });
  }

  /** Posts something to the bot, as a shop does. */
  async post(
    path: string,
    body: Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> {
    return fetch(this.#address(path), { method: 'POST', body, headers });
  }

  #address(path: string): string {
    const port = /Pairing page: \S+:(\d+)\//.exec(this.#output)?.[1];
    return `http://127.0.0.1:${port}${path}`;
  }

  /** Asks the pairing page until it shows a code to scan. */
  async qr(): Promise<string> {
    for (let tries = 0; tries < 200; tries++) {
      const shown = (await (await this.get('/pair.json')).json()) as { qr?: string };
      if (shown.qr) {
        return shown.qr;
      }
      await new Promise((tryAgain) => setTimeout(tryAgain, 100));
    }
    throw new Error('The pairing page shows no code');
  }

  /** Ends the process as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks the process to stop. @returns its exit code */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
    return child.exitCode;
  }
}
