import { everyRole } from '../../contacts/member.ts';
import type { Command } from '../command.ts';
import { namesOf } from '../parse-command.ts';

/** What is quoted back of a topic that does not exist. */
const LONGEST_TOPIC = 40;

export const help: Command = {
  name: 'help',
  allowed: everyRole,
  async run({ words }, { texts, settings, commands }) {
    const asked = words[0]?.toLowerCase().replace(/^\//, '');
    const chosen = commands.filter((command) => asked !== undefined && namesOf(command, texts).includes(asked));
    const lines = (chosen.length > 0 ? chosen : commands).map(({ name }) =>
      texts.help.line(texts.commands[name].usage, texts.commands[name].help),
    );
    if (chosen.length > 0) {
      return { text: lines.join('\n') };
    }
    const unknown = asked === undefined ? [] : [texts.help.unknownTopic(asked.slice(0, LONGEST_TOPIC))];
    return { text: [...unknown, texts.help.greeting(settings['shop.name']), ...lines, texts.help.footer].join('\n') };
  },
};
