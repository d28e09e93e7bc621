import { optInSentence } from '../contacts/optin-sentence.ts';
import { registry } from '../settings/registry.ts';
import type { Reply, Shop } from './command.ts';
import { drawQrPicture } from './qr-picture.ts';

/** The link by which customers say yes to offers themselves, its picture, and the words for a box at the checkout. */
export async function makeOptInLink({ texts, settings, link }: Shop): Promise<Reply> {
  const words = texts.people.optInLink;
  const state = link();
  const shopName = settings['shop.name'];
  if (state.state !== 'linked') {
    return { text: words.notLinked };
  }
  if (shopName === registry['shop.name'].default) {
    return { text: words.noName };
  }
  const sentence = optInSentence(settings['shop.language'], shopName);
  const address = `https://wa.me/${state.phone.replace('+', '')}?text=${encodeURIComponent(sentence)}`;
  return {
    text: words.done(address, sentence, words.box(shopName)),
    file: { kind: 'image', mime: 'image/png', name: words.file, content: await drawQrPicture(address) },
  };
}
