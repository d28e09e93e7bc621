import type { Config } from '../../config.ts';
import type { Address } from '../../contacts/address.ts';
import type { PhoneNumber } from '../../contacts/phone.ts';
import type { Milliseconds } from '../../lib/time.ts';
import type { Link } from '../../outbox/link.ts';
import type { ShopifyAccess } from '../../shop/outside-access.ts';
import type { Inspection } from './page-state.ts';

// What the demo and the bot's process say to each other, over the channel between the two. Instants go over it as they are.

/** What the bot is started with, besides the folder of its files, which it gets on its command line. */
export interface BotBeginning {
  readonly whatsapp: {
    readonly url: string;
    readonly rootKey: string;
    /** Of the host where files are kept, as PEM. */
    readonly certificate: string;
  };
  readonly owners: readonly PhoneNumber[];
  /** The online shop. */
  readonly shopify: ShopifyAccess;
  readonly shopName: string;
  readonly timeZone: string;
  readonly language: 'en' | 'es' | undefined;
  readonly web: { readonly host: string; readonly port: number; readonly token: string };
  readonly logLevel: Config['LOG_LEVEL'];
  /** How far the clock of this world is ahead. */
  readonly ahead: Milliseconds;
}

/** A question and what its answer is. */
export interface Questions {
  /** The next instant before `limit` for which something waits. */
  'next-waking': { readonly ask: { readonly limit: Date }; readonly answer: Date | undefined };
  /** Puts the bot's clock forward. The answer is how many timers came due. */
  advance: { readonly ask: { readonly to: Date }; readonly answer: number };
  'inspect-message': {
    readonly ask: { readonly whatsappId: string; readonly person: readonly Address[] };
    readonly answer: Inspection;
  };
  'inspect-contact': { readonly ask: { readonly person: readonly Address[] }; readonly answer: Inspection };
}

export type QuestionName = keyof Questions;

export type ToBot =
  | { readonly kind: 'begin'; readonly beginning: BotBeginning }
  | {
      [Name in QuestionName]: {
        readonly kind: 'question';
        readonly number: number;
        readonly name: Name;
        readonly ask: Questions[Name]['ask'];
      };
    }[QuestionName]
  | { readonly kind: 'stop' };

export type FromBot =
  | { readonly kind: 'listening' }
  | { readonly kind: 'link'; readonly link: Link; readonly title: string; readonly advice: string }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: unknown }
  | { readonly kind: 'no-answer'; readonly number: number; readonly problem: string }
  /** It cannot start; the sentence is for people. */
  | { readonly kind: 'failed'; readonly problem: string };
