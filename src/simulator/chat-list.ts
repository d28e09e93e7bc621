import { normalizeMessageContent, type proto } from '@whiskeysockets/baileys';
import { addressOf, type Person } from './addresses.ts';
import type { Choice } from './choices.ts';
import { readableText } from './message-content.ts';
import { openVote, pollOf } from './poll-vote.ts';
import { readAct, type ScreenAct } from './screen-act.ts';

/** How far a message has come, as the little marks in the chat show it. */
export type Ticks = 'pending' | 'sent' | 'delivered' | 'read';

interface ShownMessage {
  readonly id: string;
  /** The number of the other party of the chat; one's own number for notes to oneself. */
  readonly chat: string;
  readonly from: string;
  readonly content: proto.IMessage;
  readonly time: Date;
  /** For one's own messages, how far they came; for those of others, `delivered` until they are read here. */
  readonly ticks: Ticks;
  /** What can be tapped on. */
  readonly choices?: readonly Choice[];
  /** Whether a linked device wrote it: the bot, and no person. */
  readonly byDevice?: boolean;
}

export interface ChatMessage extends Required<ShownMessage> {
  /** As it reads now, after edits; empty when it was deleted. */
  readonly text: string;
  readonly edited: boolean;
  readonly deleted: boolean;
  /** The emoji of each person who has reacted, by number. */
  readonly reactions: Readonly<Record<string, string>>;
  /** What each person has voted for on this poll, by number. */
  readonly votes: Readonly<Record<string, readonly string[]>>;
  /** The id of the message that this one answers. */
  readonly quotes: string | undefined;
}

type Writable<Type> = { -readonly [Field in keyof Type]: Type[Field] };

/** Shared by all messages without any: simulated weeks make millions of messages. */
const NO_CHOICES: readonly Choice[] = [];
const NOBODY: Readonly<Record<string, never>> = {};

const order: readonly Ticks[] = ['pending', 'sent', 'delivered', 'read'];

/** The chats on a phone's screen. A message is shown once per id, whatever the network repeats. */
export class ChatList {
  readonly #person: (number: string) => Person;
  readonly #byId = new Map<string, Writable<ChatMessage>>();
  readonly #byChat = new Map<string, ChatMessage[]>();
  /** Messages that came from elsewhere and that no test has taken yet, oldest first. */
  readonly #arrived: ChatMessage[] = [];
  /** Ids of edits, reactions and the like, which have been done and are no lines of their own. */
  readonly #done = new Set<string>();

  constructor(person: (number: string) => Person) {
    this.#person = person;
  }

  /** Numbers of the people there are chats with, oldest chat first. */
  get chats(): readonly string[] {
    return [...this.#byChat.keys()];
  }

  with(number: string): readonly ChatMessage[] {
    return this.#byChat.get(number) ?? [];
  }

  find(id: string): ChatMessage | undefined {
    return this.#byId.get(id);
  }

  /** Shows a message written on this phone. */
  addOwn(message: ShownMessage): void {
    this.#add(message);
  }

  /** Shows a message that came in. */
  addArrived(message: ShownMessage): void {
    const added = this.#add(message);
    if (added) {
      this.#arrived.push(added);
    }
  }

  /** Ticks only go forward: a late delivery receipt does not undo a read one. */
  raise(id: string, ticks: Ticks): void {
    const message = this.#byId.get(id);
    if (message && order.indexOf(ticks) > order.indexOf(message.ticks)) {
      message.ticks = ticks;
    }
  }

  /** The oldest arrived message that matches, each given out once. */
  takeArrived(matches: (message: ChatMessage) => boolean): ChatMessage | undefined {
    const index = this.#arrived.findIndex(matches);
    return index < 0 ? undefined : this.#arrived.splice(index, 1)[0];
  }

  /** Puts a new line on the screen, or does to an older one what the message says; `undefined` when there is no new line. */
  #add(shown: ShownMessage): ChatMessage | undefined {
    const { id, chat, content } = shown;
    if (this.#byId.has(id) || this.#done.has(id)) {
      return undefined;
    }
    const act = readAct(content);
    if (act) {
      this.#done.add(id);
      this.#apply(shown.from, act);
      return undefined;
    }
    const message: ChatMessage = {
      choices: NO_CHOICES,
      byDevice: false,
      ...shown,
      text: readableText(content),
      edited: false,
      deleted: false,
      reactions: NOBODY,
      votes: NOBODY,
      quotes: quotedId(content),
    };
    this.#byId.set(id, message);
    const messages = this.#byChat.get(chat) ?? [];
    this.#byChat.set(chat, messages);
    messages.push(message);
    return message;
  }

  /** Everybody may react and vote; only its author changes or deletes a message. */
  #apply(by: string, act: ScreenAct): void {
    const message = this.#byId.get(act.target);
    if (!message) {
      return;
    }
    if (act.kind === 'reaction') {
      const { [by]: _former, ...others } = message.reactions;
      message.reactions = act.emoji ? { ...others, [by]: act.emoji } : others;
    } else if (act.kind === 'vote') {
      const options = this.#readVote(message, by, act.vote);
      message.votes = options ? { ...message.votes, [by]: options } : message.votes;
    } else if (message.from === by && !message.deleted) {
      const isEdit = act.kind === 'edit';
      Object.assign(message, isEdit ? { text: act.text, edited: true } : { text: '', deleted: true });
    }
  }

  /** The chat may be addressed in either way, and a vote says nowhere in which. */
  #readVote(
    { id, from, content }: ChatMessage,
    by: string,
    vote: proto.Message.IPollEncValue,
  ): readonly string[] | undefined {
    const poll = pollOf(content);
    if (!poll?.secret) {
      return undefined;
    }
    const { options, secret } = poll;
    for (const addressing of ['lid', 'pn'] as const) {
      const creator = addressOf(this.#person(from), addressing);
      const voter = addressOf(this.#person(by), addressing);
      const chosen = openVote(vote, options, { pollId: id, secret, creator, voter });
      if (chosen) {
        return chosen;
      }
    }
    return undefined;
  }
}

function quotedId(message: proto.IMessage): string | undefined {
  const content = normalizeMessageContent(message) ?? message;
  for (const part of Object.values(content) as readonly ({ readonly contextInfo?: proto.IContextInfo } | null)[]) {
    const id = part?.contextInfo?.stanzaId;
    if (id) {
      return id;
    }
  }
  return undefined;
}
