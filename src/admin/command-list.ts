import type { Role } from '../contacts/member.ts';
import type { Command, CommandName } from './command.ts';
import { chat } from './commands/chat.ts';
import { contact } from './commands/contact.ts';
import { data } from './commands/data.ts';
import { find } from './commands/find.ts';
import { forget } from './commands/forget.ts';
import { health } from './commands/health.ts';
import { help } from './commands/help.ts';
import { optin } from './commands/optin.ts';
import { optout } from './commands/optout.ts';
import { privately } from './commands/private.ts';
import { replay } from './commands/replay.ts';
import { set } from './commands/set.ts';
import { settings } from './commands/settings.ts';
import { split } from './commands/split.ts';
import { status } from './commands/status.ts';
import { test } from './commands/test.ts';

const everyCommand: Readonly<Record<CommandName, Command>> = {
  help,
  status,
  health,
  settings,
  set,
  test,
  replay,
  split,
  find,
  contact,
  chat,
  optout,
  optin,
  private: privately,
  data,
  forget,
};

/** THE list of commands, in the order in which help shows them. */
export const commandList: readonly Command[] = Object.values(everyCommand);

export function commandsFor(role: Role): readonly Command[] {
  return commandList.filter(({ allowed }) => allowed.includes(role));
}
