import type { Bubble, BubbleContent } from '../demo/page-state.ts';
import type { Desk } from './desk.ts';
import { countOf, moneyOf } from './figures.ts';
import { FileView } from './file-view.tsx';
import { Icon, type IconName } from './icons.tsx';
import { LocationCard } from './location-card.tsx';
import { Poll } from './poll.tsx';
import { albumText } from './preview.ts';

interface ContentProps {
  readonly bubble: Bubble;
  readonly desk: Desk;
}

/** What a message holds besides its words. */
export function BubbleContentView({ bubble, desk }: ContentProps) {
  const { content } = bubble;
  switch (content.kind) {
    case 'text':
    case 'choice':
      return undefined;
    case 'album':
      return <Card icon="photo" title={albumText(content)} line="Album" />;
    case 'location':
      return <LocationCard place={content} />;
    case 'contacts':
      return <ContactCards people={content.people} desk={desk} />;
    case 'poll':
      return <Poll bubble={bubble} poll={content} desk={desk} />;
    case 'order':
      return (
        <Card icon="cart" title={countOf(content.items, 'item')} line={moneyOf(content.total, content.currency)} />
      );
    case 'product':
      return <ProductCard product={content} />;
    case 'other':
      return <Unknown field={content.field} />;
    default:
      return <FileView bubble={bubble} content={content} desk={desk} />;
  }
}

interface CardProps {
  readonly icon: IconName;
  readonly title: string;
  readonly line: string;
}

function Card({ icon, title, line }: CardProps) {
  return (
    <p class="phone-card">
      <span class="phone-card-sign">
        <Icon name={icon} />
      </span>
      <strong>{title}</strong>
      <span>{line}</span>
    </p>
  );
}

function ProductCard({ product }: { readonly product: Extract<BubbleContent, { kind: 'product' }> }) {
  const { title, price, currency, url } = product;
  return (
    <>
      <Card icon="tag" title={title} line={moneyOf(price, currency)} />
      {url && /^https?:/.test(url) ? (
        <a class="phone-card-link" href={url} target="_blank" rel="noopener noreferrer">
          View in the shop
        </a>
      ) : undefined}
    </>
  );
}

interface ContactCardsProps {
  readonly people: Extract<BubbleContent, { kind: 'contacts' }>['people'];
  readonly desk: Desk;
}

function ContactCards({ people, desk }: ContactCardsProps) {
  return (
    <>
      {people.map(({ name, phones }) => (
        <div key={`${name} ${phones.join()}`}>
          <Card icon="person" title={name} line={phones.join(', ') || 'no number'} />
          {phones.slice(0, 1).map((phone) => (
            <button
              type="button"
              class="phone-card-link"
              key={phone}
              onClick={() => desk.writeTo(phone.replace(/\D/g, ''))}
            >
              Message
            </button>
          ))}
        </div>
      ))}
    </>
  );
}

function Unknown({ field }: { readonly field: string }) {
  return (
    <p class="phone-other">
      <Icon name="question" size={18} /> This page cannot draw this kind of message: {field}
    </p>
  );
}
