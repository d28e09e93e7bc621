import { useEffect, useRef, useState } from 'preact/hooks';
import type { PhoneState } from '../demo/page-state.ts';
import type { StoreState, StoreStep } from '../demo/page-store.ts';
import { doAct } from './act.ts';
import type { Controls } from './controls.ts';
import { Drawer, type DrawerPlace } from './drawer.tsx';
import { useWorldTime } from './live-state.ts';
import { buyerOf, StoreCart } from './store-cart.tsx';
import { StoreGoods } from './store-goods.tsx';
import { momentOf, StoreOffice } from './store-office.tsx';
import type { StoreDraft, StorePage, StoreView } from './store-view.ts';
import { useKept } from './view-state.ts';
import { minute } from './world-time.ts';

interface StorefrontProps extends DrawerPlace, Pick<Controls, 'live' | 'world'> {}

/** The online shop: its goods, the cart of whoever is in it, and its office. It shows what the shop itself has in its books. */
export function Storefront({ live, world, ...place }: StorefrontProps) {
  const { store } = world;
  const [page, show] = useKept<StorePage>('store-page', 'goods');
  const { perform, problem } = usePerform();
  const people = buyers([...live.phones.values()]);
  const [draft, setDraft] = useDraft(store, people);
  const moment = momentOf(useWorldTime(live, minute), world.clock.timeZone);
  const view: StoreView = { store, people, draft, setDraft, perform, show, moment };
  return (
    <Drawer title="Online shop" subject="online shop" {...place}>
      <StoreTabs store={store} page={page} show={show} />
      {problem && (
        <p class="store-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="store" role="tabpanel" id="store-panel" aria-labelledby={`store-tab-${page}`}>
        {page === 'goods' && <StoreGoods {...view} />}
        {page === 'cart' && <StoreCart {...view} />}
        {page === 'office' && <StoreOffice {...view} />}
      </div>
    </Drawer>
  );
}

/** Customers first: they are the ones who buy. */
function buyers(phones: readonly PhoneState[]): readonly PhoneState[] {
  const rank = ({ part }: PhoneState) => (part === 'customer' ? 0 : 1);
  return phones.filter(({ part }) => part !== 'shop').toSorted((one, other) => rank(one) - rank(other));
}

/** Each customer types anew, and ticks no box by themselves. */
function useDraft(store: StoreState, [first]: readonly PhoneState[]): [StoreDraft, (draft: StoreDraft) => void] {
  const fresh: StoreDraft = { ...(first ? buyerOf(first) : { name: '', phone: '' }), consents: false };
  const [draft, setDraft] = useState<StoreDraft>();
  const isEmpty = store.cart === undefined;
  useEffect(() => setDraft(undefined), [isEmpty]);
  return [draft ?? fresh, setDraft];
}

/** What was refused is said here: on a small screen the shop lies over all the rest. */
function usePerform() {
  const [problem, setProblem] = useState<string>();
  const perform = (step: StoreStep) => void doAct({ act: 'store', step }).then(setProblem);
  return { perform, problem };
}

interface StoreTabsProps {
  readonly store: StoreState;
  readonly page: StorePage;
  readonly show: (page: StorePage) => void;
}

const pages: readonly StorePage[] = ['goods', 'cart', 'office'];

function StoreTabs({ store, page, show }: StoreTabsProps) {
  const strip = useRef<HTMLDivElement>(null);
  const names = {
    goods: 'Shop',
    cart: store.cart ? `Cart (${store.cart.pieces})` : 'Cart',
    office: 'Office',
  };
  function step(event: KeyboardEvent) {
    const at = pages.indexOf(page);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: pages.length - 1 }[event.key];
    const chosen = next === undefined ? undefined : pages.at(next % pages.length);
    if (chosen) {
      event.preventDefault();
      show(chosen);
      strip.current?.querySelector<HTMLElement>(`#store-tab-${chosen}`)?.focus();
    }
  }
  return (
    <div class="tabs" role="tablist" aria-label={`The online shop, ${store.address}`} ref={strip}>
      {pages.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`store-tab-${one}`}
          aria-selected={one === page}
          aria-controls="store-panel"
          tabIndex={one === page ? 0 : -1}
          onClick={() => show(one)}
          onKeyDown={step}
        >
          {names[one]}
        </button>
      ))}
    </div>
  );
}
