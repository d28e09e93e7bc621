import type { Happening, WorldState } from '../demo/page-state.ts';
import { Drawer, type DrawerPlace } from './drawer.tsx';
import { ChevronIcon, StoryIcon } from './frame-icons.tsx';
import { keyed } from './list-keys.ts';
import { momentText } from './world-time.ts';

interface StoryStripProps {
  readonly world: WorldState;
  readonly open: boolean;
  readonly toggle: () => void;
}

/** The latest of what was done to this world and of what followed, in a line. */
export function StoryStrip({ world, open, toggle }: StoryStripProps) {
  const latest = world.happenings.at(-1);
  return (
    <section class="story" aria-label="What happened last">
      <button type="button" class="quiet" aria-expanded={open} onClick={toggle}>
        <StoryIcon />
        <span class="story-name">What happened</span>
        <ChevronIcon />
      </button>
      <div class="latest" role="log" aria-label="The latest">
        {latest ? (
          <p key={latest.id}>
            <Moment happening={latest} world={world} /> <strong>{latest.text}</strong>{' '}
            <span class="soft">{latest.details.join(' · ')}</span>
          </p>
        ) : (
          <p class="soft">Nothing yet. Send a message, or let time pass.</p>
        )}
      </div>
    </section>
  );
}

/** All of it, the latest first. */
export function Story({ world, ...place }: Pick<StoryStripProps, 'world'> & DrawerPlace) {
  return (
    <Drawer title="What happened" subject="story" {...place}>
      <ol class="story-list">
        {world.happenings.toReversed().map((happening) => (
          <li key={happening.id}>
            <Moment happening={happening} world={world} />
            <div>
              <strong>{happening.text}</strong>
              <Details details={happening.details} />
            </div>
          </li>
        ))}
      </ol>
    </Drawer>
  );
}

/** More lines than these are folded. */
const FEW = 4;

function Details({ details }: Pick<Happening, 'details'>) {
  if (details.length === 0) {
    return null;
  }
  return (
    <details open={details.length <= FEW}>
      <summary>What followed ({details.length})</summary>
      <ul>
        {keyed(details, String).map(({ key, item }) => (
          <li key={key}>{item}</li>
        ))}
      </ul>
    </details>
  );
}

function Moment({ happening, world }: { readonly happening: Happening; readonly world: WorldState }) {
  const { now, timeZone } = world.clock;
  return <time dateTime={happening.time}>{momentText(Date.parse(happening.time), Date.parse(now), timeZone)}</time>;
}
