import type { Config } from '../../src/config.ts';
import type { OpenDatabase } from '../../src/database/database.ts';
import type { Log } from '../../src/lib/log.ts';
import { silenceConsole } from '../../src/whatsapp/quiet-libraries.ts';
import { ChatView } from './chat-view.ts';
import { Game } from './game.ts';
import type { Paint } from './paint.ts';
import type { Screen } from './screen.ts';
import { isQuit, runSlashCommand } from './slash-commands.ts';
import { World } from './world.ts';

interface StageParts {
  readonly screen: Screen;
  readonly paint: Paint;
  readonly config: Config;
  readonly log: Log;
  readonly directory: string;
  readonly openDatabase: () => Promise<OpenDatabase>;
}

/** Everything that has to be loaded before the demo can begin, ready to be started. */
export interface Stage {
  /** Starts the bot and resolves when it is linked. */
  link(opened: OpenDatabase): Promise<void>;
  /** Takes lines until there are no more, somebody quits, or `stop` is aborted. */
  perform(stop: AbortController): Promise<void>;
  close(): Promise<void>;
}

export async function startStage({ screen, paint, config, log, directory, openDatabase }: StageParts): Promise<Stage> {
  silenceConsole(log);
  const { print } = screen;
  const world = await World.create({ config, log, directory, print });
  const view = new ChatView({ players: world.players, paint, print, columns: () => screen.columns });
  const game = new Game({ world, view, paint, print, openDatabase });
  return {
    async link(opened) {
      game.say(
        'Starting the bot and four phones: Mug Shop (the shop’s own), Olga (its owner), Ana and Ben (customers).',
      );
      await game.startBot(async () => opened);
      view.start();
      game.watchTyping();
      game.say(`Linked, ${(performance.now() / 1000).toFixed(1)} s after the start.`);
      game.say(`Pairing page: ${game.pairingPage}`);
    },
    async perform(stop) {
      print('\nYou are Olga, the owner. Type help and press Enter to ask the bot.');
      print('/ana writes as a customer, /help shows everything, /quit ends.\n');
      await takeLines(game, screen, stop);
    },
    async close() {
      view.stop();
      await world.close();
    },
  };
}

async function takeLines(game: Game, screen: Screen, stop: AbortController): Promise<void> {
  const isChat = (line: string) => line.trim() !== '' && !/^\/(?!\/)/.test(line.trim());
  for await (const typed of screen.lines(game.prompt, isChat, () => stop.abort())) {
    const line = typed.trim();
    if (isQuit(line)) {
      break;
    }
    if (isChat(line)) {
      game.write(line.replace(/^\/\//, '/'));
    } else if (line !== '') {
      screen.echo(line);
      await runSlashCommand(game, line);
      screen.setPrompt(game.prompt);
    }
    if (!screen.interactive) {
      await game.caughtUp();
    }
  }
}
