import { useState } from 'preact/hooks';
import type { Controls } from './controls.ts';
import { Modal } from './dialogs.tsx';
import { useWorldTime } from './live-state.ts';
import { day, instantOf, minute, wallTime, whyNotForwardTo } from './world-time.ts';

interface ForwardUntilProps extends Controls {
  readonly close: () => void;
}

/** Asks for the date and time that the clock shall go to. */
export function ForwardUntil({ live, world, perform, close }: ForwardUntilProps) {
  const now = useWorldTime(live, minute);
  const { timeZone } = world.clock;
  const [wall, setWall] = useState(() => wallTime(now + day, timeZone));
  const [problem, setProblem] = useState<string>();

  function go(event: Event) {
    event.preventDefault();
    const target = instantOf(wall, timeZone);
    const whyNot = whyNotForwardTo(target, now);
    if (whyNot) {
      setProblem(whyNot);
    } else {
      close();
      perform({ act: 'forward', by: target - now });
    }
  }

  return (
    <Modal title="Fast-forward until…" shape="card" close={close}>
      <form onSubmit={go}>
        <label>
          <span>Date and time in this world ({timeZone})</span>
          <input
            type="datetime-local"
            required
            value={wall}
            onInput={({ currentTarget }) => setWall(currentTarget.value)}
          />
        </label>
        <p class="soft">Everything that comes due on the way happens on the way, in order.</p>
        {problem && <p role="alert">{problem}</p>}
        <div class="answers">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="main">
            Go there
          </button>
        </div>
      </form>
    </Modal>
  );
}
