import type { proto } from '@whiskeysockets/baileys';

/** How far a message has come, as the little marks in the chat show it. */
export type Ticks = 'pending' | 'sent' | 'delivered' | 'read';

export interface ChatMessage {
  readonly id: string;
  /** The number of the other party of the chat; one's own number for notes to oneself. */
  readonly chat: string;
  readonly from: string;
  readonly text: string;
  readonly content: proto.IMessage;
  readonly time: Date;
  /** For one's own messages, how far they came; for those of others, `delivered` until they are read here. */
  readonly ticks: Ticks;
}

type Writable<Type> = { -readonly [Field in keyof Type]: Type[Field] };

const order: readonly Ticks[] = ['pending', 'sent', 'delivered', 'read'];

/** The chats on a phone's screen. A message is shown once per id, whatever the network repeats. */
export class ChatList {
  readonly #byId = new Map<string, Writable<ChatMessage>>();
  readonly #byChat = new Map<string, ChatMessage[]>();
  /** Messages that came from elsewhere and that no test has taken yet, oldest first. */
  readonly #arrived: ChatMessage[] = [];

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
  addOwn(message: ChatMessage): void {
    this.#add(message);
  }

  /** Shows a message that came in; `false` when one with this id is there already. */
  addArrived(message: ChatMessage): boolean {
    const isNew = this.#add(message);
    if (isNew) {
      this.#arrived.push(message);
    }
    return isNew;
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

  #add(message: ChatMessage): boolean {
    if (this.#byId.has(message.id)) {
      return false;
    }
    this.#byId.set(message.id, message);
    const chat = this.#byChat.get(message.chat) ?? [];
    this.#byChat.set(message.chat, chat);
    chat.push(message);
    return true;
  }
}
