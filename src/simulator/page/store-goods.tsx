import type { StoreGood, StoreState } from '../demo/page-store.ts';
import { GoodDrawing } from './store-drawing.tsx';
import type { StoreView } from './store-view.ts';

/** What the shop sells; a touch puts one into the cart. */
export function StoreGoods({ store, perform, show }: StoreView) {
  return (
    <>
      <ul class="goods">
        {store.goods.map((good) => (
          <li key={good.variant}>
            <button
              type="button"
              aria-label={`Add to the cart: ${nameOf(good)}, ${good.price}`}
              onClick={() => perform({ do: 'add', variant: good.variant })}
            >
              <GoodDrawing good={good} />
              <span class="good-name">{good.title}</span>
              <span class="soft">{good.kind ?? ' '}</span>
              <span class="good-price">{good.price}</span>
            </button>
          </li>
        ))}
      </ul>
      <CartBar store={store} show={show} />
    </>
  );
}

function CartBar({ store: { cart, bought }, show }: Pick<StoreView, 'show'> & { readonly store: StoreState }) {
  if (!cart) {
    return (
      <p class="cart-bar soft">
        {bought ? `Order ${bought.number} is paid. ` : ''}
        {bought ? 'The next customer may come in.' : 'The cart is empty. Touch something to put it in.'}
      </p>
    );
  }
  return (
    <p class="cart-bar">
      <span>
        {cart.pieces} {cart.pieces === 1 ? 'piece' : 'pieces'} · <strong>{cart.total}</strong>
      </span>
      <button type="button" class="main" onClick={() => show('cart')}>
        Go to the cart
      </button>
    </p>
  );
}

function nameOf({ title, kind }: Pick<StoreGood, 'title' | 'kind'>): string {
  return kind === undefined ? title : `${title} - ${kind}`;
}
