import { type Command, type Reply, type Shop, spell } from '../command.ts';
import { oneLine } from '../describe-message.ts';
import { describeConsent, nameAndPhone } from '../describe-person.ts';
import { makeOptInLink } from '../optin-link.ts';
import { findWhom } from '../whom.ts';

const LINK = 'link';

/** A word or two prove nothing. */
const SHORTEST_PROOF = 4;

export const optin: Command = {
  name: 'optin',
  allowed: ['owner', 'manager'],
  async run(request, shop) {
    const { people, texts } = shop;
    if ([LINK, ...texts.people.optin.link].includes(request.rest.toLowerCase())) {
      return makeOptInLink(shop);
    }
    const whom = await findWhom('optin', request, shop, () => true);
    if ('reply' in whom) {
      return whom.reply;
    }
    const { written, rest } = whom.reading;
    const proof = oneLine(rest);
    if (proof.length < SHORTEST_PROOF) {
      const example = spell('optin', texts, written, texts.people.optin.proofExample);
      return { text: texts.people.optin.missingProof(example) };
    }
    return grant(whom.known ?? (await people.meet(whom.reading.phone)), proof, shop);
  },
};

async function grant(contactId: number, proof: string, shop: Shop): Promise<Reply> {
  const { people, texts } = shop;
  const words = texts.people.optin;
  const who = nameAndPhone(await people.profile(contactId), texts);
  const before = await people.consent(contactId);
  if (before.state === 'withdrawn') {
    const example = spell('optin', texts, words.link[0] ?? LINK);
    return { text: words.withdrawn(who, describeConsent(before, shop), example) };
  }
  await people.grant(contactId, proof);
  return { text: words.done(who, proof) };
}
