import { useState } from 'preact/hooks';
import type { Controls } from './controls.ts';
import { ForwardIcon } from './frame-icons.tsx';
import { type LiveState, useWorldTime } from './live-state.ts';
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
    <div class="forward">
      <fieldset class="strides" disabled={forwardTo !== undefined}>
        <legend>
          <ForwardIcon />
          <span>Fast-forward</span>
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
      {forwardTo !== undefined && <ForwardProgress key={forwardTo} live={live} world={world} to={forwardTo} />}
    </div>
  );
}

interface ForwardProgressProps {
  readonly live: LiveState;
  readonly world: Controls['world'];
  readonly to: string;
}

function ForwardProgress({ live, world, to }: ForwardProgressProps) {
  const now = useWorldTime(live, second);
  const [from] = useState(now);
  const end = Date.parse(to);
  const words = `Time runs on to ${momentText(end, from, world.clock.timeZone)} …`;
  return (
    <div class="forwarding">
      <p role="status">{words}</p>
      <progress aria-label="Fast-forward" max={1} value={progress(from, now, end)} />
    </div>
  );
}
