import { useEffect, useState } from 'preact/hooks';
import type { PhoneState } from '../demo/page-state.ts';
import type { StoreCart as Cart, StoreCheckout as Checkout } from '../demo/page-store.ts';
import type { StoreView } from './store-view.ts';

/** What is in the cart, who buys it, and the payment. */
export function StoreCart(view: StoreView) {
  const { cart, checkout, bought } = view.store;
  const [changing, change] = useState(false);
  useEffect(() => change(false), [checkout]);
  if (!cart) {
    return (
      <div class="store-part">
        {bought ? (
          <p class="note">
            Order {bought.number} is paid: {bought.items}. Thank you, {bought.name}!
          </p>
        ) : (
          <p class="soft">The cart is empty.</p>
        )}
        <button type="button" onClick={() => view.show('goods')}>
          See what there is
        </button>
      </div>
    );
  }
  return (
    <div class="store-part">
      <CartLines cart={cart} {...view} />
      {checkout && !changing ? (
        <Payment checkout={checkout} change={() => change(true)} {...view} />
      ) : (
        <CheckoutForm {...view} />
      )}
      <button type="button" class="quiet" onClick={() => view.perform({ do: 'leave' })}>
        Leave without buying
      </button>
    </div>
  );
}

function CartLines({ cart, perform }: StoreView & { readonly cart: Cart }) {
  return (
    <section aria-labelledby="store-cart">
      <h3 id="store-cart">In the cart</h3>
      <ul class="cart-lines">
        {cart.lines.map(({ variant, name, quantity, price }) => (
          <li key={variant}>
            <span class="cart-name">{name}</span>
            <span class="stepper">
              <button
                type="button"
                class="quiet square"
                aria-label={quantity === 1 ? `Take out: ${name}` : `One less: ${name}`}
                onClick={() => perform({ do: 'quantity', variant, quantity: quantity - 1 })}
              >
                −
              </button>
              <span>
                {quantity}
                <span class="only-heard"> pieces</span>
              </span>
              <button
                type="button"
                class="quiet square"
                aria-label={`One more: ${name}`}
                onClick={() => perform({ do: 'quantity', variant, quantity: quantity + 1 })}
              >
                +
              </button>
            </span>
            <span class="cart-price">{price}</span>
          </li>
        ))}
      </ul>
      <p class="cart-total">
        <button type="button" class="quiet" onClick={() => perform({ do: 'empty' })}>
          Empty the cart
        </button>
        <strong>{cart.total}</strong>
      </p>
    </section>
  );
}

/** Who buys: somebody with a phone here, or anybody else. */
function CheckoutForm({ draft, setDraft, people, perform }: StoreView) {
  const submit = (event: Event) => {
    event.preventDefault();
    perform({ do: 'checkout', ...draft, name: draft.name.trim(), phone: draft.phone.trim() });
  };
  return (
    <form class="checkout" onSubmit={submit} aria-labelledby="store-checkout">
      <h3 id="store-checkout">Who buys?</h3>
      <p class="buyers">
        {people.map((phone) => (
          <button
            key={phone.number}
            type="button"
            aria-pressed={phone.writtenNumber === draft.phone}
            onClick={() => setDraft({ ...draft, ...buyerOf(phone) })}
          >
            {phone.name}
          </button>
        ))}
      </p>
      <label>
        <span>Name</span>
        <input
          type="text"
          required
          maxLength={60}
          autocomplete="off"
          value={draft.name}
          onInput={({ currentTarget }) => setDraft({ ...draft, name: currentTarget.value })}
        />
      </label>
      <label>
        <span>Phone</span>
        <input
          type="tel"
          required
          maxLength={30}
          autocomplete="off"
          value={draft.phone}
          onInput={({ currentTarget }) => setDraft({ ...draft, phone: currentTarget.value })}
        />
      </label>
      <label class="tick">
        <input
          type="checkbox"
          checked={draft.consents}
          onChange={({ currentTarget }) => setDraft({ ...draft, consents: currentTarget.checked })}
        />
        <span>Yes, send me news and offers on WhatsApp</span>
      </label>
      <button type="submit" class="main">
        Go on to the payment
      </button>
    </form>
  );
}

interface PaymentProps extends StoreView {
  readonly checkout: Checkout;
  readonly change: () => void;
}

function Payment({ checkout, change, perform }: PaymentProps) {
  return (
    <section aria-labelledby="store-payment">
      <h3 id="store-payment">Payment</h3>
      <p>
        {checkout.name}, {checkout.phone}
        <br />
        <span class="soft">
          {checkout.consents ? 'Wants news and offers on WhatsApp' : 'Wants nothing on WhatsApp'}
        </span>
      </p>
      <p class="cart-total">
        <span class="soft">Shipping</span>
        <span>{checkout.shipping}</span>
      </p>
      <div class="answers">
        <button type="button" onClick={change}>
          Change
        </button>
        <button type="button" class="main" onClick={() => perform({ do: 'pay' })}>
          Pay {checkout.total}
        </button>
      </div>
    </section>
  );
}

/** What somebody with a phone here types at the checkout. */
export function buyerOf({ name, writtenNumber }: PhoneState): { readonly name: string; readonly phone: string } {
  return { name, phone: writtenNumber };
}
