import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Act } from '../demo/page-state.ts';
import type { Controls } from './controls.ts';
import { Modal } from './dialogs.tsx';
import { BoltIcon, NetworkIcon, PlayIcon, UnlinkIcon } from './frame-icons.tsx';

/** What can go wrong in the life of a bot, to be tried without harm. */
export function Faults({ live, world, perform, ask }: Controls) {
  const { bot, network } = world;
  const shop = [...live.phones.values()].find(({ part }) => part === 'shop');
  return (
    <ul class="faults">
      <Fault
        name="Kill the bot"
        icon={<BoltIcon />}
        impossible={bot.process === 'ended' && 'It is killed already. “Start the bot” brings it back.'}
        act={() => perform({ act: 'bot', do: 'kill' })}
      >
        As a power cut would: no goodbye, no tidying up. What customers write meanwhile waits at WhatsApp, and comes
        when the bot is back.
      </Fault>
      <Fault
        name="Cut the network"
        icon={<NetworkIcon />}
        impossible={network === 'down' && 'It is cut already. “Mend the network” brings it back.'}
        act={() => perform({ act: 'network', up: false })}
      >
        The bot runs on but cannot reach WhatsApp. It says so, keeps trying, and catches up when it can.
      </Fault>
      <Fault
        name="Unlink the bot…"
        icon={<UnlinkIcon />}
        impossible={shop?.linkedDevices === 0 && 'No bot is linked to the shop’s phone.'}
        act={() => ask('unlink')}
      >
        On the shop’s phone, under “Linked devices”. The bot then asks to be linked again.
      </Fault>
      <li class="soft">Each phone has a power button of its own: what is sent to a phone that is off waits, too.</li>
    </ul>
  );
}

interface FaultProps {
  readonly name: string;
  readonly icon: ComponentChildren;
  /** Why it cannot be played now. */
  readonly impossible: string | false;
  readonly act: () => void;
  /** What to expect. */
  readonly children: ComponentChildren;
}

function Fault({ name, icon, impossible, act, children }: FaultProps) {
  return (
    <li class="fault">
      <button type="button" disabled={impossible !== false} onClick={act}>
        {icon}
        {name}
      </button>
      <p>{impossible || children}</p>
    </li>
  );
}

interface RepairsProps extends Pick<Controls, 'world' | 'perform'> {
  /** A repair may have taken away the button that was pressed for it. */
  readonly done: () => void;
}

/** The ways back from what was broken; nothing when nothing is. */
export function Repairs({ world, perform, done }: RepairsProps) {
  const { process } = world.bot;
  const wasPressed = useRef(false);
  useEffect(() => {
    if (wasPressed.current) {
      wasPressed.current = false;
      done();
    }
  }, [process, world.network]);
  const repair = (act: Act) => {
    wasPressed.current = true;
    perform(act);
  };
  return (
    <>
      {process === 'ended' && (
        <button type="button" class="main" onClick={() => repair({ act: 'bot', do: 'start' })}>
          <PlayIcon />
          Start the bot
        </button>
      )}
      {world.network === 'down' && (
        <button type="button" class="main" onClick={() => repair({ act: 'network', up: true })}>
          <NetworkIcon />
          Mend the network
        </button>
      )}
    </>
  );
}

/** Makes sure before the bot is unlinked. */
export function UnlinkQuestion({ perform, close }: Controls & { readonly close: () => void }) {
  const unlink = () => {
    close();
    perform({ act: 'unlink' });
  };
  return (
    <Modal title="Unlink the bot?" shape="card" close={close}>
      <p>
        The shop’s phone removes the bot under “Linked devices”. The bot can read and write nothing more until the phone
        scans a new code. Nothing that it has stored is lost.
      </p>
      <div class="answers">
        <button type="button" onClick={close}>
          Keep the link
        </button>
        <button type="button" class="main" onClick={unlink}>
          Unlink
        </button>
      </div>
    </Modal>
  );
}
