import type { Command } from '../command.ts';

const BUTTONS = 'buttons';

/** Whether buttons appear differs from phone to phone, and nobody but a tap proves it (facts/whatsapp §1.6). */
export const test: Command = {
  name: 'test',
  allowed: ['owner', 'manager'],
  async run({ words: [what = ''], tapped }, { texts }) {
    if (what.toLowerCase() !== BUTTONS && !texts.test.buttons.includes(what.toLowerCase())) {
      return { text: texts.test.usage };
    }
    if (tapped) {
      return { text: texts.test.tapReached };
    }
    return {
      text: texts.test.question,
      choices: [
        { label: texts.test.answer, command: `test ${BUTTONS}` },
        { label: texts.test.help, command: 'help' },
      ],
    };
  },
};
