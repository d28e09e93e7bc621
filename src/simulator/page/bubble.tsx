import { useMemo, useRef } from 'preact/hooks';
import type { Bubble, Quoted } from '../demo/page-state.ts';
import { BubbleContentView } from './bubble-content.tsx';
import { Choices } from './choices.tsx';
import type { Desk } from './desk.ts';
import { isOnlyEmoji, plainText } from './formatting.ts';
import { Icon } from './icons.tsx';
import { captionOf, deletedText } from './preview.ts';
import { useSwipe } from './swipe.ts';
import { TickMarks } from './ticks.tsx';
import { clockTime } from './times.ts';
import { Words } from './words.tsx';

export interface MessageProps {
  readonly bubble: Bubble;
  readonly desk: Desk;
  readonly timeZone: string;
  /** Whether Tab stops at it; the arrows go to the others. */
  readonly isTabStop: boolean;
}

/** A message in a chat. It is drawn anew only when it has changed itself. */
export function Message({ bubble, desk, timeZone, isTabStop }: MessageProps) {
  return useMemo(
    () => <DrawnMessage bubble={bubble} desk={desk} timeZone={timeZone} isTabStop={isTabStop} />,
    [bubble, desk, timeZone, isTabStop],
  );
}

function DrawnMessage({ bubble, desk, timeZone, isTabStop }: MessageProps) {
  const message = useRef<HTMLElement>(null);
  const openMenu = () => {
    const screen = message.current?.closest('.phone-chat');
    const top = (message.current?.getBoundingClientRect().top ?? 0) - (screen?.getBoundingClientRect().top ?? 0);
    desk.open({ kind: 'menu', message: bubble.id, top });
  };
  useSwipe(message, { reply: () => !bubble.deleted && desk.quote(bubble), hold: openMenu });
  const { id, mine, author, time, content, ticks, deleted } = bubble;
  const clock = clockTime(new Date(time), timeZone);
  return (
    <article
      class="phone-message"
      ref={message}
      data-message={id}
      data-kind={deleted ? 'deleted' : content.kind}
      data-ticks={ticks}
      data-mine={mine}
      aria-label={`${mine ? 'You' : author}, ${clock}`}
    >
      <span class="phone-swipe-mark">
        <Icon name="reply" size={20} />
      </span>
      <div class="phone-bubble">
        {deleted ? <DeletedBody bubble={bubble} clock={clock} /> : <Body bubble={bubble} desk={desk} clock={clock} />}
        <button
          type="button"
          class="phone-options"
          title="Message options"
          aria-label="Message options"
          aria-haspopup="menu"
          tabIndex={isTabStop ? 0 : -1}
          onClick={openMenu}
        >
          <Icon name="below" size={18} />
        </button>
      </div>
      {deleted ? undefined : <Choices bubble={bubble} desk={desk} />}
      {deleted ? undefined : <Reactions bubble={bubble} desk={desk} />}
    </article>
  );
}

interface BodyProps {
  readonly bubble: Bubble;
  readonly clock: string;
}

function DeletedBody({ bubble, clock }: BodyProps) {
  return (
    <div class="phone-words phone-deleted">
      <Icon name="blocked" size={16} /> {deletedText(bubble.mine)}
      <Foot bubble={bubble} clock={clock} />
    </div>
  );
}

function Body({ bubble, desk, clock }: BodyProps & { readonly desk: Desk }) {
  const { forwarded, quoted, title, footer, viewOnce, content } = bubble;
  const words = viewOnce ? '' : captionOf(bubble);
  return (
    <>
      {forwarded ? (
        <p class="phone-forwarded">
          <Icon name="forwarded" size={16} /> Forwarded
        </p>
      ) : undefined}
      {quoted ? <Quote quoted={quoted} jump={() => desk.jumpTo(quoted.id)} /> : undefined}
      <BubbleContentView bubble={bubble} desk={desk} />
      {title ? <p class="phone-title">{title}</p> : undefined}
      <div class="phone-words" data-large={content.kind === 'text' && isOnlyEmoji(words)}>
        <Words text={words} />
        {footer ? undefined : <Foot bubble={bubble} clock={clock} />}
      </div>
      {footer ? (
        <div class="phone-words phone-footer">
          {footer}
          <Foot bubble={bubble} clock={clock} />
        </div>
      ) : undefined}
    </>
  );
}

function Quote({ quoted, jump }: { readonly quoted: Quoted; readonly jump: () => void }) {
  return (
    <button type="button" class="phone-quote" data-mine={quoted.mine} title="Show the quoted message" onClick={jump}>
      <span class="phone-unseen">In answer to </span>
      <strong>{quoted.mine ? 'You' : quoted.author}</strong>
      <span>{plainText(quoted.summary)}</span>
    </button>
  );
}

const BOT_MARK = 'Written by the bot. Customers do not see this mark.';

/** The small print of a message: who wrote it, when, and how far it came. */
function Foot({ bubble, clock }: BodyProps) {
  return (
    <span class="phone-foot">
      {bubble.byBot ? (
        <span class="phone-bot" title={BOT_MARK}>
          <Icon name="bot" size={14} />
          <span aria-hidden="true">bot</span>
          <span class="phone-unseen">{BOT_MARK}</span>
        </span>
      ) : undefined}
      {bubble.edited && !bubble.deleted ? <span>edited</span> : undefined}
      <time dateTime={bubble.time}>{clock}</time>
      {bubble.mine && !bubble.deleted ? <TickMarks ticks={bubble.ticks} /> : undefined}
    </span>
  );
}

/** The reactions that a message has; a touch gives the same, or takes one's own back. */
function Reactions({ bubble, desk }: { readonly bubble: Bubble; readonly desk: Desk }) {
  if (bubble.reactions.length === 0) {
    return undefined;
  }
  return (
    <p class="phone-reactions">
      {bubble.reactions.map(({ emoji, by, mine }) => (
        <button
          type="button"
          key={emoji}
          aria-pressed={mine}
          aria-label={`${emoji} from ${by.join(', ')}`}
          title={mine ? `${by.join(', ')} – take yours back` : by.join(', ')}
          onClick={() => desk.act({ act: 'react', phone: desk.phone, message: bubble.id, emoji: mine ? '' : emoji })}
        >
          {emoji}
          {by.length > 1 ? <span>{by.length}</span> : undefined}
        </button>
      ))}
    </p>
  );
}
