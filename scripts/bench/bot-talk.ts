// What the script and a bot under test say to each other over the channel between parent and child process.

export type ToBot =
  /** Write one message to each of these people, by the hidden id of their chat; confirmed when all are on their way. */
  { readonly ask: 'answer'; readonly lids: readonly string[] } | { readonly ask: 'figures' } | { readonly ask: 'stop' };

export type FromBot =
  | { readonly said: 'qr'; readonly qr: string }
  | { readonly said: 'answering' }
  | ({ readonly said: 'figures' } & Figures);

export interface Figures {
  /** How many received messages stand in the message log; nothing from a bot that stores nothing. */
  readonly stored?: number;
  /** Processor time of the whole process since its start. */
  readonly cpuMs: number;
}

/** The child's end: what it does when it is asked. A bot whose parent is gone ends by itself. */
export function listenToScript(bot: {
  answer(lids: readonly string[]): Promise<void>;
  countStored(): Promise<number | undefined>;
  stop(): Promise<void>;
}): void {
  async function act(message: ToBot): Promise<void> {
    switch (message.ask) {
      case 'answer':
        await bot.answer(message.lids);
        tellScript({ said: 'answering' });
        return;
      case 'figures': {
        const stored = await bot.countStored();
        const { user, system } = process.cpuUsage();
        tellScript({ said: 'figures', cpuMs: (user + system) / 1000, ...(stored === undefined ? {} : { stored }) });
        return;
      }
      case 'stop':
        await bot.stop();
        process.exit(0);
    }
  }

  process.on('message', (message: ToBot) => {
    act(message).catch((error) => {
      process.stderr.write(`The bot under test failed: ${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    });
  });
  process.on('disconnect', () => process.exit(1));
}

export function tellScript(message: FromBot): void {
  process.send?.(message);
}
