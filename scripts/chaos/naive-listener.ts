import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Phone } from '../../src/simulator/phone.ts';
import type { WhatsAppServer } from '../../src/simulator/whatsapp-server.ts';

/** The naive listener as the storm sees it: started, killed, asked what it has written down. */
export class NaiveListener {
  readonly shop: Phone;
  /** How often its login did not survive a kill, so that it had to be linked anew. */
  loginsLost = -1;
  readonly #whatsapp: WhatsAppServer;
  readonly #directory: string;
  #child: ChildProcess | undefined;

  constructor(whatsapp: WhatsAppServer, shop: Phone, directory: string) {
    this.#whatsapp = whatsapp;
    this.shop = shop;
    this.#directory = directory;
  }

  start(): void {
    const { PATH, NODE_OPTIONS } = process.env;
    this.#child = fork(fileURLToPath(new URL('./naive-bot.ts', import.meta.url)), [this.#directory], {
      execArgv: ['--import', 'tsx'],
      env: {
        ...(PATH && { PATH }),
        ...(NODE_OPTIONS && { NODE_OPTIONS }),
        WHATSAPP_URL: this.#whatsapp.url,
        WHATSAPP_ROOT_KEY: this.#whatsapp.rootKey,
      },
      stdio: 'ignore',
    });
    this.#child.on('message', ({ qr }: { qr: string }) => {
      this.loginsLost += 1;
      this.shop.unlinkDevices();
      void this.shop.scan(qr).catch(() => undefined);
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }

  /** The texts it has written down, as often as it did. */
  written(): readonly string[] {
    const path = join(this.#directory, 'log.txt');
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  }
}
