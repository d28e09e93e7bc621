import { nearestTexts } from '../../src/admin/parse-command.ts';
import type { Game } from './game.ts';
import type { Player } from './players.ts';

/** A word after a slash: said to the demo, not to anybody in it. The help is made from these. */
interface SlashCommand {
  /** The first is its name, the others are understood too. */
  readonly words: readonly [string, ...string[]];
  readonly usage: string;
  readonly help: string;
  run(game: Game, rest: string): Promise<void> | void;
}

const USUAL_LOG_LINES = 10;
const MOST_LOG_LINES = 200;

const commands: readonly SlashCommand[] = [
  {
    words: ['as'],
    usage: '/as ana',
    help: 'the same as /ana',
    run: (game, rest) => withPlayer(game, rest, (player) => game.become(player)),
  },
  {
    words: ['to'],
    usage: '/to ben',
    help: 'whom the shop’s own phone writes to',
    run: (game, rest) => withPlayer(game, rest, (player) => game.writeTo(player)),
  },
  {
    words: ['read'],
    usage: '/read',
    help: 'opens the chats on the current phone: all is read',
    run: (game) => game.markRead(),
  },
  {
    words: ['off'],
    usage: '/off, /on',
    help: 'switches the current phone off and on',
    run: (game) => game.switchOff(),
  },
  { words: ['on'], usage: '', help: '', run: (game) => game.switchOn() },
  {
    words: ['restart'],
    usage: '/restart',
    help: 'stops the bot and starts it again with the same data',
    run: (game) => game.restart(),
  },
  {
    words: ['log'],
    usage: '/log [lines]',
    help: 'the end of the bot’s own message log',
    run: (game, rest) => game.showLog(Math.min(Number.parseInt(rest, 10) || USUAL_LOG_LINES, MOST_LOG_LINES)),
  },
  { words: ['help', '?'], usage: '/help', help: 'this list', run: showHelp },
];

/** Words that end the demo; the one who reads the lines knows them, for nothing comes after. */
const quitWords = ['quit', 'exit', 'q'];

export function isQuit(line: string): boolean {
  return quitWords.some((word) => line.trim().toLowerCase() === `/${word}`);
}

/** Does what a line beginning with a slash asks for. Who mistypes is told the nearest word. */
export async function runSlashCommand(game: Game, line: string): Promise<void> {
  const [, word = '', rest = ''] = /^\/\s*(\S*)\s*(.*)$/s.exec(line) ?? [];
  const name = word.toLowerCase();
  const player = findPlayer(game, name);
  const command = commands.find(({ words }) => words.includes(name));
  if (player) {
    game.become(player);
  } else if (command) {
    await command.run(game, rest.trim());
  } else {
    const known = [...commands, ...game.everybody].flatMap(({ words }) => words[0]).concat('quit');
    game.say(
      `There is no /${word}. The nearest is /${nearestTexts(name, known)[0]}; /help lists all.\n` +
        `To send a text that begins with a slash, type two: //${word}`,
    );
  }
}

function findPlayer(game: Game, word: string): Player | undefined {
  return game.everybody.find(({ words }) => words.includes(word.toLowerCase()));
}

function withPlayer(game: Game, word: string, act: (player: Player) => void): void {
  const player = findPlayer(game, word.replace(/^\//, ''));
  if (player) {
    act(player);
  } else {
    game.say(`There is nobody called “${word}”. There are: ${game.everybody.map(({ words }) => words[0]).join(', ')}.`);
  }
}

const parts = { owner: 'the owner of the shop', customer: 'a customer', shop: 'the shop’s own phone' } as const;

function showHelp(game: Game): void {
  const rows = [
    ...game.everybody.map(({ words, name, part }) => [`/${words[0]}`, `be ${name}, ${parts[part]}`] as const),
    ...commands.filter(({ usage }) => usage !== '').map(({ usage, help }) => [usage, help] as const),
    ['/quit', 'ends the demo (also Ctrl-D, Ctrl-C)'] as const,
  ];
  const lines = rows.map(([usage, help]) => `  ${usage.padEnd(14)}${help}`);
  game.say(
    [
      'Anything without a slash is written by the current person, as in WhatsApp. With a slash:',
      ...lines,
      'Ticks: ◷ not sent yet, ✓ sent, ✓✓ arrived; a line tells when a message is read.',
      `The bot’s pairing page: ${game.pairingPage}`,
    ].join('\n'),
  );
}
