import type { Part, PhoneState } from '../demo/page-state.ts';
import type { Desk } from './desk.ts';

interface Hint {
  readonly about: (name: string) => string;
  /** What they could write first; the bot's commands are its own, in English at first. */
  readonly tries: readonly string[];
}

const hints: Readonly<Record<Part, Hint | undefined>> = {
  owner: {
    about: (name) => `${name} owns the shop and runs the bot from this chat. Try:`,
    tries: ['help', 'status', 'test buttons'],
  },
  customer: {
    about: (name) => `${name} is a customer: the bot writes down everything, and answers no staff words. Try:`,
    tries: ['Hello! Do you have blue mugs?'],
  },
  advisor: {
    about: (name) =>
      `${name} works in the shop. The bot knows nothing of that yet and takes the messages for a customer’s.`,
    tries: [],
  },
  shop: undefined,
};

interface FirstWordsProps {
  readonly phone: PhoneState;
  readonly desk: Desk;
  /** Whether the chat is the one with the shop's number, where the bot reads. */
  readonly isWithShop: boolean;
}

/** What stands in an empty chat: who is who, and something to write with one tap. */
export function FirstWords({ phone, desk, isWithShop }: FirstWordsProps) {
  const hint = isWithShop ? hints[phone.part] : undefined;
  if (!hint) {
    return <p class="phone-day">No messages yet. Write the first one.</p>;
  }
  return (
    <div class="phone-first">
      <p>{hint.about(phone.name)}</p>
      {hint.tries.map((text) => (
        <button key={text} type="button" onClick={() => void desk.send({ kind: 'text', text })}>
          {text}
        </button>
      ))}
    </div>
  );
}
