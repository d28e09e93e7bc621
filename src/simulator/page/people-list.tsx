import type { AppProps } from './app-props.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';

interface PeopleListProps extends AppProps {
  readonly leave: () => void;
  readonly writeTo: (number: string) => void;
}

/** Everybody one can begin a chat with. Only the shop's phone has use for notes to oneself: its bot reads them. */
export function PeopleList({ phone, everybody, leave, writeTo }: PeopleListProps) {
  const people = everybody.filter(({ number }) => number !== phone.number || phone.part === 'shop');
  return (
    <div class="phone-app">
      <header class="phone-bar">
        <button type="button" class="phone-round" title="Back to the chats" aria-label="Back" onClick={leave}>
          <Icon name="back" />
        </button>
        <h3>New chat</h3>
      </header>
      <ul class="phone-list">
        {people.map(({ number, name, part, writtenNumber }) => (
          <li key={number}>
            <button type="button" class="phone-entry" data-chat={number} onClick={() => writeTo(number)}>
              <Avatar number={number} name={name} isShop={part === 'shop'} />
              <span class="phone-entry-name">{number === phone.number ? `${name} (you)` : name}</span>
              <span class="phone-entry-time">{part}</span>
              <span class="phone-entry-words">{number === phone.number ? 'Message yourself' : writtenNumber}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
