import { type ComponentChildren, Fragment } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Bubble, ChatState } from '../demo/page-state.ts';
import { Message } from './bubble.tsx';
import type { Desk } from './desk.ts';
import { countOf } from './figures.ts';
import { Icon } from './icons.tsx';
import { dayName } from './times.ts';

type Box<Type extends Element> = { readonly current: Type | null };

interface MessageLogProps {
  readonly log: Box<HTMLDivElement>;
  readonly desk: Desk;
  readonly chat: ChatState;
  readonly name: string;
  readonly now: Date;
  readonly timeZone: string;
  readonly isAttended: boolean;
  /** What stands there while there is no message. */
  readonly empty: ComponentChildren;
}

/** All messages of a chat, with a mark for each day. The latest stays in view unless one has gone up to older ones. */
export function MessageLog({ log, desk, chat, name, now, timeZone, isAttended, empty }: MessageLogProps) {
  const { bubbles } = chat;
  const { isAway, missed, toEnd } = useLatestInView(log, bubbles);
  const tabStop = useTabStop(log, bubbles);
  const minute = now.getTime();
  const days = useMemo(
    () => bubbles.map(({ time }) => dayName(new Date(time), new Date(minute), timeZone)),
    [bubbles, minute, timeZone],
  );
  return (
    <div class="phone-log-place">
      {/* One phone at a time is read out: the one that has the keyboard. */}
      <div
        class="phone-log"
        role="log"
        aria-label={`Messages with ${name}`}
        aria-live={isAttended ? 'polite' : 'off'}
        ref={log}
      >
        <div class="phone-messages">
          {bubbles.length === 0 ? empty : undefined}
          {bubbles.map((bubble, index) => (
            <Fragment key={bubble.id}>
              {days[index] === days[index - 1] ? undefined : <p class="phone-day">{days[index]}</p>}
              <Message bubble={bubble} desk={desk} timeZone={timeZone} isTabStop={bubble.id === tabStop} />
            </Fragment>
          ))}
        </div>
      </div>
      {isAway ? (
        <button type="button" class="phone-to-end" onClick={toEnd}>
          <Icon name="below" size={20} />
          {missed > 0 ? countOf(missed, 'new message') : <span class="phone-unseen">To the latest message</span>}
        </button>
      ) : undefined}
    </div>
  );
}

/** Scrolls to a message and points it out. */
export function jumpTo(log: Element | null, id: string): void {
  const message = log?.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`);
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  message?.scrollIntoView({ block: 'center', behavior: isCalm ? 'auto' : 'smooth' });
  message?.querySelector<HTMLElement>('.phone-options')?.focus({ preventScroll: true });
  message?.animate([{ background: 'var(--phone-flash)' }, { background: 'transparent' }], { duration: 1600 });
}

/** Pixels from the end that still count as being there. */
const NEAR = 48;

function useLatestInView(log: Box<HTMLElement>, bubbles: readonly Bubble[]) {
  const [isAway, setAway] = useState(false);
  const [missed, setMissed] = useState(0);
  const isAtEnd = useRef(true);
  const last = useRef(bubbles.at(-1)?.id);
  const toEnd = () => log.current?.scrollTo({ top: log.current.scrollHeight });

  useLayoutEffect(() => {
    const fresh = bubbles.slice(bubbles.findIndex(({ id }) => id === last.current) + 1);
    last.current = bubbles.at(-1)?.id;
    const isAnswering = fresh.some(({ mine, byBot }) => mine && !byBot);
    if (isAtEnd.current || isAnswering) {
      log.current?.scrollTo({ top: log.current.scrollHeight });
    } else {
      setMissed((before) => before + fresh.length);
    }
  }, [bubbles, log]);

  useEffect(() => {
    const element = log.current;
    let top = 0;
    // Only going up leaves the end: when there is less room or more to show, the end moves away by itself.
    const look = () => {
      const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = element ?? {};
      isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR || (isAtEnd.current && scrollTop >= top);
      top = scrollTop;
      setAway(!isAtEnd.current);
      setMissed((before) => (isAtEnd.current ? 0 : before));
    };
    // Pictures get their size when they have come, and a keyboard on the screen takes room away.
    const watcher = new ResizeObserver(() => isAtEnd.current && element?.scrollTo({ top: element.scrollHeight }));
    // Who unfolds a long message wants to read on from there.
    const stay = ({ target }: MouseEvent) => {
      const message = (target as Element).closest('.phone-more')?.closest('[data-message]');
      if (message) {
        isAtEnd.current = false;
        setAway(true);
        message.querySelector<HTMLElement>('.phone-options')?.focus({ preventScroll: true });
      }
    };
    element?.addEventListener('click', stay);
    element?.addEventListener('scroll', look, { passive: true });
    for (const box of element ? [element, ...element.children] : []) {
      watcher.observe(box);
    }
    return () => {
      element?.removeEventListener('click', stay);
      element?.removeEventListener('scroll', look);
      watcher.disconnect();
    };
  }, [log]);

  return { isAway, missed, toEnd };
}

/** Tab stops at one message, the latest at first; the arrows go from there to the others. */
function useTabStop(log: Box<HTMLElement>, bubbles: readonly Bubble[]): string | undefined {
  const [chosen, setChosen] = useState<string | undefined>();
  useEffect(() => {
    const element = log.current;
    const onFocus = ({ target }: FocusEvent) => {
      setChosen((target as Element).closest<HTMLElement>('[data-message]')?.dataset['message']);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      const stops = [...(element?.querySelectorAll<HTMLElement>('.phone-options') ?? [])];
      const at = stops.indexOf(event.target as HTMLElement);
      if (step && at >= 0) {
        event.preventDefault();
        stops[Math.max(0, at + step)]?.focus();
      }
    };
    element?.addEventListener('focusin', onFocus);
    element?.addEventListener('keydown', onKeyDown);
    return () => {
      element?.removeEventListener('focusin', onFocus);
      element?.removeEventListener('keydown', onKeyDown);
    };
  }, [log]);
  const stop = bubbles.some(({ id }) => id === chosen) ? chosen : bubbles.at(-1)?.id;
  // What is inside the other messages is reached by the arrow keys first: a long chat is one stop on the way, not a hundred.
  useLayoutEffect(() => {
    for (const message of log.current?.querySelectorAll<HTMLElement>('[data-message]') ?? []) {
      for (const control of message.querySelectorAll<HTMLElement>(INSIDE)) {
        control.tabIndex = message.dataset['message'] === stop ? 0 : -1;
      }
    }
  }, [log, bubbles, stop]);
  return stop;
}

/** What a message may hold that takes the keyboard, besides its options. */
const INSIDE = 'a[href], button:not(.phone-options), input, audio, video';
