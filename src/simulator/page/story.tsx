import type { Happening, WorldState } from '../demo/page-state.ts';
import { ChevronIcon, StoryIcon } from './frame-icons.tsx';
import { keyed } from './list-keys.ts';
import { useKept } from './view-state.ts';
import { momentText } from './world-time.ts';

/** What was done to this world and what followed: the latest in one line, all of it on demand, the latest first. */
export function Story({ world }: { readonly world: WorldState }) {
  const [open, setOpen] = useKept('story-open', false);
  const latestFirst = world.happenings.toReversed();
  return (
    <section class={open ? 'story open' : 'story'} aria-labelledby="story-title">
      <button type="button" class="quiet" aria-expanded={open} aria-controls="story-log" onClick={() => setOpen(!open)}>
        <StoryIcon />
        <span id="story-title">What happened</span>
        <ChevronIcon />
      </button>
      <div class="log" id="story-log" role="log" aria-labelledby="story-title">
        {latestFirst.length === 0 && <p class="soft">Nothing yet. Send a message, or let time pass.</p>}
        <ol>
          {latestFirst.map((happening) => (
            <StoryLine key={happening.id} happening={happening} world={world} open={open} />
          ))}
        </ol>
      </div>
    </section>
  );
}

interface StoryLineProps {
  readonly happening: Happening;
  readonly world: WorldState;
  readonly open: boolean;
}

function StoryLine({ happening, world, open }: StoryLineProps) {
  const { time, text, details } = happening;
  const { now, timeZone } = world.clock;
  return (
    <li>
      <time dateTime={time}>{momentText(Date.parse(time), Date.parse(now), timeZone)}</time>
      <div>
        <span class="what">{text}</span>
        {details.length > 0 && !open && <span class="soft"> {details.join(' · ')}</span>}
        {details.length > 0 && open && (
          <details open={details.length <= 3}>
            <summary>{details.length === 1 ? 'what followed' : `what followed (${details.length})`}</summary>
            <ul>
              {keyed(details, String).map(({ key, item }) => (
                <li key={key}>{item}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}
