import { useRef, useState } from 'preact/hooks';
import { botStanding, botWords } from './bot-words.ts';
import { ClockFace, FastForward, ForwardLine } from './clock.tsx';
import type { Controls } from './controls.ts';
import { Disclosure, Modal } from './dialogs.tsx';
import { Faults, Repairs } from './faults.tsx';
import { BellIcon, BoltIcon, PlusIcon, SlidersIcon, StoreIcon } from './frame-icons.tsx';
import { takeLostFocus } from './lost-focus.ts';
import { clockText } from './world-time.ts';

interface TopBarProps {
  readonly controls: Controls;
  readonly narrow: boolean;
  /** While the bot is being linked there is nothing to steer yet. */
  readonly quiet: boolean;
  /** The way back to the linking, for who has left it before its end. */
  readonly linkAgain: (() => void) | undefined;
  readonly store: { readonly open: boolean; readonly toggle: () => void };
}

/** What this is, how the bot stands, and what one can do to this world. */
export function TopBar({ controls, narrow, quiet, linkAgain, store }: TopBarProps) {
  const { world } = controls;
  return (
    <header class={narrow ? 'top narrow' : 'top'} data-bot-state={botStanding(world.bot)}>
      <div class="brand">
        <BellIcon />
        <h1>{world.shopName}</h1>
        {!narrow && <Tagline />}
        {!quiet && <StoreButton narrow={narrow} {...store} />}
        {narrow && !quiet && <ControlSheet {...controls} />}
        {!(narrow || quiet) && (
          <>
            <Disclosure icon={<BoltIcon />} label="Break something">
              {(fold) => <Faults {...folding(controls, fold)} />}
            </Disclosure>
            <AddPhoneButton {...controls} />
          </>
        )}
      </div>
      <div class="tools">
        <BotStatus {...controls} linkAgain={linkAgain} quiet={quiet} />
        <ClockFace {...controls} />
        {!(narrow || quiet) && <FastForward {...controls} />}
      </div>
      {narrow && <ForwardLine {...controls} />}
    </header>
  );
}

function Tagline() {
  return (
    <p class="tagline">
      A demo of Shopbell, the bot in a shop’s WhatsApp. Everything is real but WhatsApp and the online shop. Write
      “help” from the owner’s phone, or buy something as a customer.
    </p>
  );
}

function BotStatus({ world, perform, linkAgain, quiet }: Controls & Pick<TopBarProps, 'linkAgain' | 'quiet'>) {
  const { title, advice } = botWords(world.bot);
  const state = useRef<HTMLParagraphElement>(null);
  const retryAt = world.bot.link?.retryAt;
  // Its advice to check the network would mislead: it does not know yet that it works.
  const waits = retryAt !== undefined && world.network === 'up';
  const calm = world.bot.link?.state === 'linked' && world.bot.process === 'running';
  return (
    <div class="bot">
      <p class="bot-state" role="status" tabIndex={-1} ref={state}>
        <span class={`dot ${botStanding(world.bot)}`} aria-hidden="true" />
        <span>
          <strong>Bot: {title}</strong>
          {!(calm || quiet || waits) && <span class="advice">{advice}</span>}
          {retryAt && (
            <span class="advice">
              {waits && 'The network works again. '}
              Next try at {clockText(Date.parse(retryAt), world.clock.timeZone)}; a fast-forward brings it nearer.
            </span>
          )}
        </span>
      </p>
      <Repairs world={world} perform={perform} done={() => takeLostFocus(state.current)} />
      {linkAgain && (
        <button type="button" class="main" onClick={linkAgain}>
          Link the bot
        </button>
      )}
    </div>
  );
}

function StoreButton({ narrow, open, toggle }: TopBarProps['store'] & { readonly narrow: boolean }) {
  return (
    <button type="button" class={narrow ? 'square' : ''} aria-label="Online shop" aria-expanded={open} onClick={toggle}>
      <StoreIcon />
      {!narrow && 'Online shop'}
    </button>
  );
}

function AddPhoneButton({ ask }: Pick<Controls, 'ask'>) {
  return (
    <button type="button" onClick={() => ask('add-phone')}>
      <PlusIcon />
      Add a phone
    </button>
  );
}

/** On a small screen all that steers is folded away; it folds again as soon as something was chosen. */
function ControlSheet(controls: Controls) {
  const [open, setOpen] = useState(false);
  const inside = folding(controls, () => setOpen(false));
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <SlidersIcon />
        Controls
      </button>
      {open && (
        <Modal title="Controls" shape="sheet" close={() => setOpen(false)}>
          <Tagline />
          <ClockFace {...controls} />
          <FastForward {...inside} />
          <AddPhoneButton {...inside} />
          <h3>Break something</h3>
          <Faults {...inside} />
        </Modal>
      )}
    </>
  );
}

/** The same controls; what they are in folds when one of them is used. */
function folding(controls: Controls, fold: () => void): Controls {
  return {
    ...controls,
    perform: (act) => {
      fold();
      controls.perform(act);
    },
    ask: (question) => {
      fold();
      controls.ask(question);
    },
  };
}
