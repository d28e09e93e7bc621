import { parseArgs } from 'node:util';

export interface Wishes {
  readonly help: boolean;
  /** Where to keep the bot's data; without it they last as long as the demo. */
  readonly data: string | undefined;
}

export const usage = `Usage: npm run demo [-- --data DIR]

  --data DIR  keep the bot's data (messages, settings, login) in DIR instead of deleting them at the end`;

/** The command line asks for something that does not exist; the message says what does. */
export class WrongArguments extends Error {
  override readonly name = 'WrongArguments';
}

/** @throws WrongArguments */
export function readArguments(given: readonly string[]): Wishes {
  try {
    const { values } = parseArgs({
      args: [...given],
      options: { data: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
    return { help: values.help, data: values.data };
  } catch (error) {
    throw new WrongArguments(`${(error as Error).message}\n\n${usage}`);
  }
}
