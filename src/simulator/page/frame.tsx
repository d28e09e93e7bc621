import { useEffect, useState } from 'preact/hooks';
import type { PhoneState, WorldState } from '../demo/page-state.ts';
import { doAct } from './act.ts';
import { AddPhone } from './add-phone.tsx';
import { isLinkingShown } from './bot-words.ts';
import type { Controls, Question } from './controls.ts';
import { UnlinkQuestion } from './faults.tsx';
import { ForwardUntil } from './forward-until.tsx';
import { type Inspected, Inspector } from './inspector.tsx';
import { LinkingScene } from './linking-scene.tsx';
import { type LiveState, useLiveState } from './live-state.ts';
import { Phones } from './phones.tsx';
import { Storefront } from './storefront.tsx';
import { Story, StoryStrip } from './story.tsx';
import { ToastList, useToasts } from './toasts.tsx';
import { TopBar } from './top-bar.tsx';
import { NARROW, useKept, useMedia } from './view-state.ts';

/** The whole page: what steers this world, and the phones in it. */
export function Frame() {
  const live = useLiveState();
  // Whether it is linked shows on the shop's phone, so there is nothing to show before that.
  if (live.world && shopPhone(live)) {
    return <WorldPage live={live} world={live.world} />;
  }
  return (
    <main class="waiting">
      <h1>Shopbell, with a WhatsApp to try it in</h1>
      <p role="status">Looking for the demo …</p>
    </main>
  );
}

function WorldPage({ live, world }: { readonly live: LiveState; readonly world: WorldState }) {
  const narrow = useMedia(NARROW);
  const toasts = useToasts();
  const [question, ask] = useState<Question>();
  const [inspected, inspect, wasInspected] = useKept<Inspected | null>('inspected', null);
  const phones = world.phones.map((number) => live.phones.get(number)).filter((phone) => phone !== undefined);
  const [storyOpen, openStory, wasStoryOpen] = useKept('story-open', false);
  const [storeOpen, openStore, wasStoreOpen] = useKept('store-open', false);
  const shop = shopPhone(live);
  const linking = useLinkingScene(world, shop);
  const controls: Controls = { live, world, perform: usePerform(toasts.complain), ask };
  const close = () => ask(undefined);
  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to the phones
      </a>
      {!live.connected && (
        <p class="banner" role="alert">
          The demo does not answer, so this page may be out of date. It comes back by itself when the demo runs again (
          <code>npm run demo</code>).
        </p>
      )}
      <TopBar
        controls={controls}
        narrow={narrow}
        quiet={linking.shown}
        linkAgain={linking.comeBack}
        store={{ open: storeOpen, toggle: () => openStore(!storeOpen) }}
      />
      <div class="middle">
        <main id="main" tabIndex={-1}>
          {linking.shown && <LinkingScene {...controls} shop={shop} leave={linking.leave} />}
          {!linking.shown && phones.length > 0 && (
            <Phones live={live} phones={phones} narrow={narrow} inspect={inspect} complain={toasts.complain} />
          )}
        </main>
        {!linking.shown && (inspected || storyOpen || storeOpen) && (
          <div class="side">
            {storeOpen && (
              <Storefront
                live={live}
                world={world}
                narrow={narrow}
                restored={wasStoreOpen}
                close={() => openStore(false)}
              />
            )}
            {inspected && (
              <Inspector
                inspected={inspected}
                live={live}
                narrow={narrow}
                restored={wasInspected}
                close={() => inspect(null)}
              />
            )}
            {storyOpen && (
              <Story world={world} narrow={narrow} restored={wasStoryOpen} close={() => openStory(false)} />
            )}
          </div>
        )}
      </div>
      {!linking.shown && <StoryStrip world={world} open={storyOpen} toggle={() => openStory(!storyOpen)} />}
      {question === 'until' && <ForwardUntil {...controls} close={close} />}
      {question === 'add-phone' && <AddPhone close={close} />}
      {question === 'unlink' && <UnlinkQuestion {...controls} close={close} />}
      <ToastList {...toasts} />
    </div>
  );
}

function usePerform(complain: (sentence: string) => void): Controls['perform'] {
  return (act) =>
    void doAct(act).then((refusal) => {
      if (refusal) {
        complain(refusal);
      }
    });
}

/** Time to see that it is done. */
const LAST_LOOK = 1800;

interface LinkingNow {
  readonly shown: boolean;
  readonly leave: () => void;
  /** The way back, for who has left before the bot was linked. */
  readonly comeBack: (() => void) | undefined;
}

/** Whether the page is still at the linking. Whoever has left it comes back only for another one. */
function useLinkingScene(world: WorldState, shop: PhoneState | undefined): LinkingNow {
  const [open, setOpen] = useState(false);
  const [left, setLeft] = useKept('left-linking', false);
  const due = isLinkingShown(open, world.bot, shop);
  useEffect(() => {
    if (due) {
      setOpen(true);
      return;
    }
    setLeft(false);
    const leaving = setTimeout(() => setOpen(false), LAST_LOOK);
    return () => clearTimeout(leaving);
  }, [due]);
  const shown = (open || due) && !left;
  useEffect(() => focusMain, [shown]);
  return {
    shown,
    leave: () => (due ? setLeft(true) : setOpen(false)),
    comeBack: due && left ? () => setLeft(false) : undefined,
  };
}

/** Where to go on for who had the focus on something that is gone. */
function focusMain() {
  if (document.activeElement === document.body) {
    document.getElementById('main')?.focus({ preventScroll: true });
  }
}

function shopPhone({ phones }: LiveState): PhoneState | undefined {
  return [...phones.values()].find(({ part }) => part === 'shop');
}
