import type { Command, Reply, Shop } from '../command.ts';
import type { OutsideSystem } from '../outside.ts';

const BUTTONS = 'buttons';

const addressOf = { webhook: 'sales.webhook-url', crm: 'sales.crm-url' } as const;

export const test: Command = {
  name: 'test',
  allowed: ['owner', 'manager'],
  async run({ words: [word = ''], tapped }, shop) {
    const { texts } = shop;
    const what = word.toLowerCase();
    if (what === BUTTONS || texts.test.buttons.includes(what)) {
      return testButtons(tapped, shop);
    }
    return what === 'webhook' || what === 'crm' ? tryOutside(what, shop) : { text: texts.test.usage };
  },
};

/** Whether buttons appear differs from phone to phone, and nobody but a tap proves it (facts/whatsapp §1.6). */
function testButtons(tapped: boolean, { texts }: Shop): Reply {
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
}

/** The network is slower than an answer may be: what came of it is told when it is known. */
async function tryOutside(which: OutsideSystem, { texts, settings, outside }: Shop): Promise<Reply> {
  const address = settings[addressOf[which]];
  if (address === '') {
    return { text: texts.test.noAddress[which] };
  }
  const problem = await outside.tryOut(which);
  return { text: problem ? texts.test.noPhone : texts.test.sending(new URL(address).host) };
}
