import type { Command } from '../command.ts';
import { nameAndPhone } from '../describe-person.ts';
import { findKnown } from '../whom.ts';

export const data: Command = {
  name: 'data',
  allowed: ['owner'],
  async run(request, shop) {
    const { people, texts, settings, now } = shop;
    const whom = await findKnown('data', request, shop);
    if ('reply' in whom) {
      return whom.reply;
    }
    const words = texts.people.data;
    const tables = await people.everything(whom.contactId);
    const about = { shop: settings['shop.name'], writtenAt: now.toISOString(), explanation: words.explanation };
    const who = nameAndPhone(await people.profile(whom.contactId), texts);
    return {
      text: words.caption(who, await people.measure(whom.contactId)),
      file: {
        kind: 'document',
        mime: 'application/json',
        name: words.file,
        content: new TextEncoder().encode(`${JSON.stringify({ about, ...tables }, undefined, 2)}\n`),
      },
    };
  },
};
