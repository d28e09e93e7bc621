import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatState, PhoneState } from '../demo/page-state.ts';
import type { AppProps } from './app-props.ts';
import { Avatar } from './avatar.tsx';
import { isShop, nameOf, typingWords } from './chat-list.tsx';
import { ChatOverlay } from './chat-overlay.tsx';
import { Composer } from './composer.tsx';
import { type Desk, type Overlay, useDesk } from './desk.ts';
import { answerTo, type Draft, draftFor, emptyDraft, newWordingOf } from './draft.ts';
import { FirstWords } from './first-words.tsx';
import { Icon } from './icons.tsx';
import { jumpTo, MessageLog } from './message-log.tsx';
import { useRemembered } from './remembered.ts';

interface ChatProps extends AppProps {
  readonly chat: ChatState;
  readonly leave: () => void;
  readonly writeTo: (number: string) => void;
}

/** A chat with one person: what was said, and the field to say more. */
export function Chat(props: ChatProps) {
  const { phone, chat, everybody, now, timeZone, isAttended } = props;
  const [remembered, setDraft] = useRemembered<Draft>(`phone:${phone.number}:draft:${chat.with}`, emptyDraft);
  const draft = draftFor(chat.bubbles, remembered);
  const log = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { overlay, open, close, closeTo } = useOverlay();
  const toField = (next: Draft) => {
    setDraft(next);
    closeTo(field.current);
  };
  const desk = useDesk(phone.number, chat.with, {
    complain: props.complain,
    open,
    close,
    quote: (message) => toField(answerTo(message, draft)),
    edit: (message) => toField(newWordingOf(message, draft)),
    quoted: () => draft.quoting?.id,
    forgetQuote: () => setDraft({ ...draft, quoting: undefined }),
    jumpTo: (message) => jumpTo(log.current, message),
    writeTo: props.writeTo,
    inspect: props.inspectMessage,
  });
  useReading(props, desk);
  const name = nameOf(phone, chat);
  return (
    <div class="phone-chat">
      <div class="phone-app" inert={overlay !== undefined}>
        <ChatHead {...props} name={name} />
        <MessageLog
          {...{ log, desk, chat, name, now, timeZone, isAttended }}
          empty={<FirstWords phone={phone} desk={desk} isWithShop={isShop(everybody, chat.with)} />}
        />
        <Composer {...{ desk, name, draft, setDraft, field }} />
      </div>
      {overlay ? <ChatOverlay {...{ overlay, desk, chat, everybody, now }} /> : undefined}
    </div>
  );
}

/** A chat that is open and can be seen reads what comes. */
function useReading({ phone, chat, isSeen }: ChatProps, desk: Desk): void {
  const { unread } = chat;
  const latest = chat.bubbles.at(-1)?.id;
  useEffect(() => {
    if (isSeen && unread > 0) {
      void desk.act({ act: 'read', phone: phone.number, chat: chat.with });
    }
  }, [isSeen, unread, latest, phone.number, chat.with, desk]);
}

/** What lies over the chat; the keyboard returns to where it was before, or to a better place. */
function useOverlay() {
  const [overlay, setOverlay] = useState<Overlay | undefined>();
  const cameFrom = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (!overlay && cameFrom.current instanceof HTMLElement) {
      cameFrom.current.focus({ preventScroll: true });
      cameFrom.current = null;
    }
  }, [overlay]);
  const open = (next: Overlay) => {
    if (!overlay) {
      cameFrom.current = document.activeElement;
    }
    setOverlay(next);
  };
  const close = () => setOverlay(undefined);
  const closeTo = (target: HTMLElement | null) => {
    cameFrom.current = target;
    close();
    target?.focus();
  };
  return { overlay, open, close, closeTo };
}

function ChatHead(props: ChatProps & { readonly name: string }) {
  const { phone, chat, everybody, name, leave, inspectContact } = props;
  const known = whomTheBotKnows(phone, chat, everybody);
  const knownName = known === phone.number ? phone.name : chat.name;
  return (
    <header class="phone-bar">
      <button type="button" class="phone-round phone-back" title="Back to the chats" aria-label="Back" onClick={leave}>
        <Icon name="back" />
      </button>
      <Avatar number={chat.with} name={chat.name} isShop={isShop(everybody, chat.with)} />
      <div class="phone-with">
        <h3>{name}</h3>
        <p>
          {chat.typing ? (
            <span class="phone-typing">{typingWords(chat.typing)}</span>
          ) : (
            subtitle(phone, chat, everybody)
          )}
        </p>
      </div>
      <button
        type="button"
        class="phone-round"
        title={`What the bot knows about ${knownName}`}
        aria-label={`What the bot knows about ${knownName}`}
        onClick={() => inspectContact(known)}
      >
        <Icon name="info" />
      </button>
    </header>
  );
}

/** The shop knows the one who writes to it; between two others, the other one is of interest. */
function whomTheBotKnows(phone: PhoneState, chat: ChatState, everybody: readonly PhoneState[]): string {
  return isShop(everybody, chat.with) ? phone.number : chat.with;
}

function subtitle(phone: PhoneState, chat: ChatState, everybody: readonly PhoneState[]): string {
  if (chat.with === phone.number) {
    return 'Message yourself';
  }
  return everybody.find(({ number }) => number === chat.with)?.writtenNumber ?? `+${chat.with}`;
}
