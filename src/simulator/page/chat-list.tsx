import { useMemo } from 'preact/hooks';
import type { ChatState, PhoneState } from '../demo/page-state.ts';
import type { AppProps } from './app-props.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { previewOf } from './preview.ts';
import { TickMarks } from './ticks.tsx';
import { listTime } from './times.ts';

interface ChatListProps extends AppProps {
  readonly startChat: () => void;
  readonly writeTo: (number: string) => void;
}

/** The phone's first screen: all its chats, the latest first. */
export function ChatList({ phone, everybody, now, timeZone, startChat, writeTo }: ChatListProps) {
  return (
    <div class="phone-app">
      <header class="phone-bar">
        <h3>Chats</h3>
        <button type="button" class="phone-round" title="New chat" aria-label="New chat" onClick={startChat}>
          <Icon name="write" />
        </button>
      </header>
      {phone.part === 'shop' ? <LinkedDevices count={phone.linkedDevices} /> : undefined}
      {phone.chats.length > 0 ? (
        <ul class="phone-list">
          {phone.chats.map((chat) => (
            <li key={chat.with}>
              <ChatRow {...{ phone, chat, everybody, now, timeZone, writeTo }} />
            </li>
          ))}
        </ul>
      ) : (
        <p class="phone-empty">No chats yet. “New chat” writes the first message.</p>
      )}
    </div>
  );
}

function LinkedDevices({ count }: { readonly count: number }) {
  return (
    <p class="phone-devices">
      <Icon name="devices" size={18} />
      {count > 0 ? 'Linked devices: the bot' : 'Linked devices: none'}
    </p>
  );
}

interface ChatRowProps extends Pick<AppProps, 'phone' | 'everybody' | 'now' | 'timeZone'> {
  readonly chat: ChatState;
  readonly writeTo: (number: string) => void;
}

function ChatRow({ phone, chat, everybody, now, timeZone, writeTo }: ChatRowProps) {
  const last = chat.bubbles.at(-1);
  return (
    <button type="button" class="phone-entry" data-chat={chat.with} onClick={() => writeTo(chat.with)}>
      <Avatar number={chat.with} name={chat.name} isShop={isShop(everybody, chat.with)} />
      <span class="phone-entry-name">{nameOf(phone, chat)}</span>
      <span class="phone-entry-time">{last && listTime(new Date(last.time), now, timeZone)}</span>
      <LastWords chat={chat} />
      {chat.unread > 0 ? (
        <span class="phone-unread">
          {chat.unread}
          <span class="phone-unseen"> unread</span>
        </span>
      ) : undefined}
    </button>
  );
}

/** More than fits; a screen reader reads all of it. */
const LONGEST_BEGINNING = 80;

function beginningOf(text: string): string {
  return text.length > LONGEST_BEGINNING ? `${text.slice(0, LONGEST_BEGINNING).toWellFormed()}…` : text;
}

function LastWords({ chat }: { readonly chat: ChatState }) {
  const last = chat.bubbles.at(-1);
  const preview = useMemo(() => last && previewOf(last), [last]);
  if (chat.typing) {
    return <span class="phone-entry-words phone-typing">{typingWords(chat.typing)}</span>;
  }
  return (
    <span class="phone-entry-words">
      {last?.mine && !last.deleted ? <TickMarks ticks={last.ticks} /> : undefined}
      {preview?.icon ? <Icon name={preview.icon} size={16} /> : undefined}
      <span>{preview && beginningOf(preview.text)}</span>
    </span>
  );
}

export function typingWords(typing: 'composing' | 'recording'): string {
  return typing === 'composing' ? 'typing…' : 'recording audio…';
}

/** Notes to oneself carry one's own name. */
export function nameOf(phone: PhoneState, chat: Pick<ChatState, 'with' | 'name'>): string {
  return chat.with === phone.number ? `${chat.name} (you)` : chat.name;
}

export function isShop(everybody: readonly PhoneState[], number: string): boolean {
  return everybody.some((person) => person.number === number && person.part === 'shop');
}
