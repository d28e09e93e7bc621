import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Bubble } from '../demo/page-state.ts';
import type { Desk } from './desk.ts';
import { usualReactions } from './emoji.ts';
import { Icon, type IconName } from './icons.tsx';
import { Menu } from './menu.tsx';
import { captionOf } from './preview.ts';
import { canDelete, canEdit } from './rights.ts';

interface MessageMenuProps {
  readonly bubble: Bubble;
  readonly desk: Desk;
  readonly now: Date;
  /** Where the message is on the screen, in pixels from its upper edge. */
  readonly top: number;
}

/** What one can do with a message. */
export function MessageMenu({ bubble, desk, now, top }: MessageMenuProps) {
  const place = useRef<HTMLDivElement>(null);
  const fitted = useFitted(place, top);
  return (
    <div class="phone-menu-place" data-mine={bubble.mine} ref={place} style={{ top: `${fitted}px` }}>
      <Menu class="phone-menu" label="Message options" close={desk.close}>
        {bubble.deleted ? undefined : <ReactionItems bubble={bubble} desk={desk} />}
        {entriesFor(bubble, desk, now).map(({ icon, label, choose }) => (
          <button type="button" role="menuitem" key={label} class="phone-menu-item" tabIndex={-1} onClick={choose}>
            <Icon name={icon} size={20} /> {label}
          </button>
        ))}
      </Menu>
    </div>
  );
}

/** Moves what would reach over the screen's lower edge up into it. */
function useFitted(place: { readonly current: HTMLElement | null }, top: number): number {
  const [fitted, setFitted] = useState(top);
  useLayoutEffect(() => {
    const room = place.current?.parentElement?.clientHeight ?? 0;
    const height = place.current?.offsetHeight ?? 0;
    setFitted(Math.max(8, Math.min(top, room - height - 8)));
  }, [place, top]);
  return fitted;
}

function ReactionItems({ bubble, desk }: { readonly bubble: Bubble; readonly desk: Desk }) {
  const given = bubble.reactions.find(({ mine }) => mine)?.emoji;
  const offered = given && !usualReactions.includes(given) ? [...usualReactions, given] : usualReactions;
  const react = async (emoji: string) => {
    desk.close();
    await desk.act({ act: 'react', phone: desk.phone, message: bubble.id, emoji: emoji === given ? '' : emoji });
  };
  return (
    <div class="phone-menu-emoji">
      {offered.map((emoji) => (
        <button
          type="button"
          role="menuitemradio"
          key={emoji}
          tabIndex={-1}
          aria-checked={emoji === given}
          aria-label={emoji === given ? `Take back ${emoji}` : `React with ${emoji}`}
          onClick={() => react(emoji)}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}

interface Entry {
  readonly icon: IconName;
  readonly label: string;
  readonly choose: () => void;
}

function entriesFor(bubble: Bubble, desk: Desk, now: Date): readonly Entry[] {
  const words = captionOf(bubble);
  const inspect = () => {
    desk.close();
    desk.inspect(bubble.id);
  };
  const ask = () => desk.open({ kind: 'delete', message: bubble.id });
  return [
    ...only(!bubble.deleted, { icon: 'reply', label: 'Reply', choose: () => desk.quote(bubble) }),
    ...only(words !== '', { icon: 'copy', label: 'Copy', choose: () => copy(words, desk) }),
    ...only(canEdit(bubble, now), { icon: 'pencil', label: 'Edit', choose: () => desk.edit(bubble) }),
    ...only(canDelete(bubble, now), { icon: 'bin', label: 'Delete', choose: ask }),
    { icon: 'info', label: 'What the bot knows', choose: inspect },
  ];
}

function only(isOffered: boolean, entry: Entry): readonly Entry[] {
  return isOffered ? [entry] : [];
}

async function copy(words: string, desk: Desk): Promise<void> {
  desk.close();
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    desk.complain('This browser does not let the page copy. Select the words and copy them by hand.');
  }
}
