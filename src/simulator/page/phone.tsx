import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatState, Part, PhoneState } from '../demo/page-state.ts';
import { doAct } from './act.ts';
import type { AppProps } from './app-props.ts';
import { Chat } from './chat.tsx';
import { ChatList } from './chat-list.tsx';
import { Icon } from './icons.tsx';
import { takeLostFocus } from './lost-focus.ts';
import { PeopleList } from './people-list.tsx';
import { useRemembered, useShared } from './remembered.ts';
import { clockTime } from './times.ts';

export interface PhoneProps {
  readonly phone: PhoneState;
  /** All phones, as people one can write to and contact cards one can send. */
  readonly everybody: readonly PhoneState[];
  /** The time in this world, by the minute. */
  readonly now: Date;
  readonly timeZone: string;
  /** Opens the inspector on one message, or on one person as the bot knows them. */
  readonly inspectMessage: (messageId: string) => void;
  readonly inspectContact: (number: string) => void;
  /** Tells the person at the page what could not be done. */
  readonly complain: (sentence: string) => void;
}

const parts: Readonly<Record<Part, string>> = {
  shop: 'shop',
  owner: 'owner',
  advisor: 'advisor',
  customer: 'customer',
};

/** One phone, as its owner holds it. */
export function Phone(props: PhoneProps) {
  const phone = useShared(props.phone);
  const frame = useRef<HTMLElement>(null);
  const isSeen = useSeen(frame);
  const isAttended = useAttended(frame);
  const { number, name, part, power } = phone;
  const setPower = async (on: boolean) => {
    const outcome = await doAct({ act: 'power', phone: number, on });
    // The button that was pressed has given way to its opposite.
    requestAnimationFrame(() => takeLostFocus(frame.current?.querySelector<HTMLElement>('[data-power]')));
    if (outcome !== undefined) {
      props.complain(outcome);
    }
  };
  return (
    <section
      class="phone"
      ref={frame}
      data-phone={number}
      data-part={part}
      aria-label={`${name}’s phone, ${parts[part]}`}
    >
      <Holder phone={phone} setPower={setPower} />
      <div class="phone-body">
        {power === 'on' ? (
          <div class="phone-screen">
            <StatusBar time={clockTime(props.now, props.timeZone)} />
            <Apps {...props} phone={phone} isSeen={isSeen} isAttended={isAttended} />
          </div>
        ) : (
          <DarkScreen setPower={setPower} />
        )}
      </div>
    </section>
  );
}

type SetPower = (on: boolean) => Promise<void>;

/** Who holds the phone. */
function Holder({ phone, setPower }: { readonly phone: PhoneState; readonly setPower: SetPower }) {
  const { name, part, writtenNumber, power } = phone;
  return (
    <header class="phone-holder">
      <h2>
        {name} <span class="phone-part">{parts[part]}</span>
      </h2>
      <p>{writtenNumber}</p>
      {power === 'on' ? (
        <button
          type="button"
          class="phone-round"
          data-power
          title="Switch this phone off"
          aria-label="Switch off"
          onClick={() => setPower(false)}
        >
          <Icon name="power" size={20} />
        </button>
      ) : (
        <p class="phone-off-mark">off</p>
      )}
    </header>
  );
}

function StatusBar({ time }: { readonly time: string }) {
  return (
    <div class="phone-status" aria-hidden="true">
      <span>{time}</span>
      <svg width="42" height="12" viewBox="0 0 42 12" aria-hidden="true">
        <path d="M0 8h2.5v4h-2.5zM4 5.5h2.5v6.5h-2.5zM8 3h2.5v9h-2.5zM12 0h2.5v12h-2.5z" />
        <path
          d="M20 1h18a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H20a2 2 0 0 1-2-2V3a2 2 0 0 1 2-2zm.5 1.5v7h14v-7zM41 4h1v4h-1z"
          fill-rule="evenodd"
        />
      </svg>
    </div>
  );
}

function DarkScreen({ setPower }: { readonly setPower: SetPower }) {
  return (
    <div class="phone-screen phone-dark">
      <p>This phone is off. Messages wait for it.</p>
      <button type="button" class="phone-action" data-power onClick={() => setPower(true)}>
        <Icon name="power" size={20} /> Switch on
      </button>
    </div>
  );
}

/** What is on the screen: the list of chats, people to begin a chat with, or a chat with somebody. */
type Place = { readonly at: 'chats' | 'people' } | { readonly at: 'chat'; readonly with: string };

function Apps(props: AppProps) {
  const { phone, everybody } = props;
  const apps = useRef<HTMLDivElement>(null);
  const { place, goTo } = usePlace(phone, everybody, apps);
  const writeTo = (number: string) => {
    if (findChat(phone, everybody, number)) {
      goTo({ at: 'chat', with: number });
    } else {
      props.complain(`+${number} is none of the phones here. “Add a phone” brings another one.`);
    }
  };
  const leave = () => goTo({ at: 'chats' });
  const chat = place.at === 'chat' ? findChat(phone, everybody, place.with) : undefined;
  return (
    <div class="phone-app" ref={apps}>
      {chat ? <Chat {...props} key={chat.with} chat={chat} leave={leave} writeTo={writeTo} /> : undefined}
      {place.at === 'people' ? <PeopleList {...props} leave={leave} writeTo={writeTo} /> : undefined}
      {chat || place.at === 'people' ? undefined : (
        <ChatList {...props} startChat={() => goTo({ at: 'people' })} writeTo={writeTo} />
      )}
    </div>
  );
}

/** Where the person is on the phone. The keyboard goes along: into the field of a chat, and back to the line one came from. */
function usePlace(phone: PhoneState, everybody: readonly PhoneState[], apps: { readonly current: HTMLElement | null }) {
  const [chosen, setChosen] = useRemembered<Place | undefined>(`phone:${phone.number}:place`, undefined);
  const place = chosen ?? firstPlace(phone, everybody);
  const cameFrom = useRef<Place | undefined>(undefined);
  useLayoutEffect(() => {
    if (cameFrom.current && chosen) {
      apps.current?.querySelector<HTMLElement>(firstStop(cameFrom.current, chosen))?.focus();
    }
    cameFrom.current = undefined;
  }, [chosen, apps]);
  const goTo = (next: Place) => {
    cameFrom.current = place;
    setChosen(next);
  };
  return { place, goTo };
}

/** Where the keyboard stops first. A field would bring up the keys of a real phone, so there it is the way back. */
function firstStop(from: Place, to: Place): string {
  if (to.at === 'chat') {
    return matchMedia('(hover: hover)').matches ? 'textarea' : '.phone-back';
  }
  return from.at === 'chat' ? `[data-chat="${from.with}"]` : 'button';
}

/** The shop answers many, everybody else has come to write to the shop. */
function firstPlace({ part }: PhoneState, everybody: readonly PhoneState[]): Place {
  const shop = everybody.find((other) => other.part === 'shop');
  return part === 'shop' || !shop ? { at: 'chats' } : { at: 'chat', with: shop.number };
}

/** A chat, even one without a message; none with somebody who is not in this world. */
function findChat(phone: PhoneState, everybody: readonly PhoneState[], number: string): ChatState | undefined {
  const known = phone.chats.find((chat) => chat.with === number);
  const person = everybody.find((other) => other.number === number);
  return known ?? (person && { with: number, name: person.name, unread: 0, typing: undefined, bubbles: [] });
}

function useSeen(frame: { readonly current: HTMLElement | null }): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const watcher = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? false), {
      threshold: 0.4,
    });
    if (frame.current) {
      watcher.observe(frame.current);
    }
    return () => watcher.disconnect();
  }, [frame]);
  return isSeen;
}

function useAttended(frame: { readonly current: HTMLElement | null }): boolean {
  const [isAttended, setAttended] = useState(false);
  useEffect(() => {
    const section = frame.current;
    const look = ({ type, relatedTarget }: FocusEvent) =>
      setAttended(type === 'focusin' || Boolean(section?.contains(relatedTarget as Node | null)));
    section?.addEventListener('focusin', look);
    section?.addEventListener('focusout', look);
    return () => {
      section?.removeEventListener('focusin', look);
      section?.removeEventListener('focusout', look);
    };
  }, [frame]);
  return isAttended;
}
