import { useState } from 'preact/hooks';
import type { Controls } from './controls.ts';
import { ForwardIcon } from './frame-icons.tsx';
import { useWorldTime } from './live-state.ts';
import { clockText, dateText, day, hour, minute, momentText, progress, spanText } from './world-time.ts';

const second = 1000;

const strides = [
  { label: '1 minute', by: minute },
  { label: '1 hour', by: hour },
  { label: '1 day', by: day },
];

/** What time it is in this world, and how far that is ahead of the machine's own clock. */
export function ClockFace({ live, world }: Pick<Controls, 'live' | 'world'>) {
  const now = useWorldTime(live, second);
  const { timeZone, ahead } = world.clock;
  const span = spanText(ahead);
  return (
    <p class="clock-face">
      <span class="date">{dateText(now, timeZone)}</span>
      <time dateTime={new Date(now).toISOString()}>{clockText(now, timeZone)}</time>
      {span && (
        <span class="ahead" title="How far this world is ahead of your computer’s clock">
          +{span}
        </span>
      )}
    </p>
  );
}

/** The ways to let time pass; while it does, how far it has come. */
export function FastForward({ live, world, perform, ask }: Controls) {
  const { forwardTo } = world.clock;
  return (
    <fieldset class="forward" disabled={forwardTo !== undefined}>
      <legend>
        <ForwardIcon />
        {forwardTo === undefined ? (
          'Fast-forward'
        ) : (
          <ForwardProgress key={forwardTo} live={live} world={world} to={forwardTo} />
        )}
      </legend>
      {strides.map(({ label, by }) => (
        <button key={label} type="button" onClick={() => perform({ act: 'forward', by })}>
          {label}
        </button>
      ))}
      <button type="button" onClick={() => ask('until')}>
        Until…
      </button>
    </fieldset>
  );
}

/** How far a running fast-forward has come; nothing when none runs. */
export function ForwardLine({ live, world }: Pick<Controls, 'live' | 'world'>) {
  const { forwardTo } = world.clock;
  return forwardTo === undefined ? null : (
    <p class="forward-line">
      <ForwardProgress key={forwardTo} live={live} world={world} to={forwardTo} />
    </p>
  );
}

interface ForwardProgressProps extends Pick<Controls, 'live' | 'world'> {
  readonly to: string;
}

function ForwardProgress({ live, world, to }: ForwardProgressProps) {
  const now = useWorldTime(live, second);
  const [from] = useState(now);
  const end = Date.parse(to);
  return (
    <>
      <span role="status">Going to {momentText(end, from, world.clock.timeZone)} …</span>
      <progress aria-label="Fast-forward" max={1} value={progress(from, now, end)} />
    </>
  );
}
