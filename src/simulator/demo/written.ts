import { randomBytes } from 'node:crypto';
import type { Letter } from '../content.ts';
import type { Written } from './page-state.ts';
import { Refusal } from './refusal.ts';
import { readSample } from './samples.ts';

const catalogue = [
  { productId: 'blue-mug', name: 'Blue mug', price: 12.5 },
  { productId: 'green-mug', name: 'Green mug', price: 14 },
] as const;

const CURRENCY = 'EUR';

/** What a person has written on the page, as a phone writes it. @throws Refusal when it makes no message */
export async function composeWritten(content: Written, nameOf: (number: string) => string): Promise<Letter> {
  switch (content.kind) {
    case 'text':
      return content;
    case 'location': {
      const { kind, latitude, longitude, name, address } = content;
      return { kind, latitude, longitude, ...(name && { name }), ...(address && { address }) };
    }
    case 'contact':
      return { kind: 'contacts', people: [{ name: nameOf(content.number), phones: [content.number] }] };
    case 'poll':
      return composePoll(content);
    case 'order':
      return composeOrder();
    case 'product':
      return { kind: 'product', ...questionAbout(catalogue[0]) };
    case 'sample': {
      const file = await readSample(content.sample);
      return content.caption ? { ...file, caption: content.caption } : file;
    }
  }
}

function composePoll({ question, options, several }: Written & { readonly kind: 'poll' }): Letter {
  if (new Set(options).size < options.length) {
    throw new Refusal('Two answers of the poll are the same. Make each one different.');
  }
  return { kind: 'poll', question, options, selectable: several ? 0 : 1 };
}

function composeOrder(): Letter {
  const [blue, green] = catalogue;
  const lines = [
    { ...blue, quantity: 2 },
    { ...green, quantity: 1 },
  ];
  return {
    kind: 'order',
    orderId: String(randomBytes(6).readUIntBE(0, 6)),
    token: randomBytes(12).toString('base64'),
    items: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    total: lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0),
    currency: CURRENCY,
    lines,
  };
}

function questionAbout({ productId, name, price }: (typeof catalogue)[number]) {
  return { productId, title: name, price, currency: CURRENCY, text: 'Is this one in stock?' };
}
