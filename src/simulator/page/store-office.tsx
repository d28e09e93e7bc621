import type { StoreDelivery, StoreOrder, StorePerson, StoreState } from '../demo/page-store.ts';
import type { StoreView } from './store-view.ts';
import { momentText } from './world-time.ts';

/** What the shop's staff see: orders, people, the bot's app, and what the shop told the bot. */
export function StoreOffice(view: StoreView) {
  const { orders, people } = view.store;
  return (
    <div class="store-part">
      <section aria-labelledby="store-orders">
        <h3 id="store-orders">Orders</h3>
        {orders.length === 0 && <p class="soft">None yet.</p>}
        <ul class="records">
          {orders.map((order) => (
            <OrderRecord key={order.id} order={order} {...view} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="store-people">
        <h3 id="store-people">Customers</h3>
        {people.length === 0 && <p class="soft">Nobody has been at the checkout yet.</p>}
        <ul class="records">
          {people.map((person) => (
            <PersonRecord key={person.id} person={person} {...view} />
          ))}
        </ul>
      </section>
      <BotApp {...view} />
      <Told {...view} />
    </div>
  );
}

const orderStates = { paid: 'paid', complete: 'complete', cancelled: 'cancelled' } as const;
const orderActs = { complete: 'Complete', refund: 'Refund', cancel: 'Cancel' } as const;

function OrderRecord({ order, perform, moment }: StoreView & { readonly order: StoreOrder }) {
  return (
    <li>
      <p class="record-head">
        <strong>
          {order.number} {order.name}
        </strong>
        <span>{order.total}</span>
      </p>
      <p class="soft">
        {order.items} · {moment(order.time)}
      </p>
      <p class="record-state">
        <span class={`mark ${order.state}`}>{orderStates[order.state]}</span>
        {order.refunded && <span class="mark">{order.refunded} refunded</span>}
      </p>
      {order.can.length > 0 && (
        <p class="record-acts">
          {order.can.map((act) => (
            <button
              key={act}
              type="button"
              aria-label={`${orderActs[act]} order ${order.number}`}
              onClick={() => perform({ do: act, order: order.id })}
            >
              {orderActs[act]}
            </button>
          ))}
        </p>
      )}
    </li>
  );
}

const consents = {
  agreed: 'agreed to messages on WhatsApp',
  'never-agreed': 'never agreed to messages on WhatsApp',
  withdrawn: 'wants no more messages on WhatsApp',
} as const;

function PersonRecord({ person, perform }: StoreView & { readonly person: StorePerson }) {
  const agrees = person.consent === 'agreed';
  return (
    <li>
      <p class="record-head">
        <strong>{person.name}</strong>
        <span class="soft">{person.phone}</span>
      </p>
      <p class="soft">{consents[person.consent]}</p>
      <p class="record-acts">
        <button
          type="button"
          aria-label={`${agrees ? 'Withdraw consent' : 'Give consent'}: ${person.name}`}
          onClick={() => perform({ do: 'consent', customer: person.id, agrees: !agrees })}
        >
          {agrees ? 'Withdraw consent' : 'Give consent'}
        </button>
      </p>
    </li>
  );
}

function BotApp({ store, perform }: StoreView) {
  return (
    <section aria-labelledby="store-app">
      <h3 id="store-app">The bot’s app</h3>
      <p class="soft">{appText(store)}</p>
      <button type="button" onClick={() => perform({ do: store.installed ? 'uninstall' : 'install' })}>
        {store.installed ? 'Remove the app' : 'Install it again'}
      </button>
    </section>
  );
}

function appText({ installed, subscriptions }: StoreState): string {
  if (!installed) {
    return 'It was removed: the bot is told nothing, and may not ask.';
  }
  return subscriptions > 0
    ? `It is installed, and has asked to be told of ${subscriptions} kinds of news.`
    : 'It is installed, and has not asked yet to be told anything. It looks after that at its start and every night.';
}

function Told({ store, moment }: StoreView) {
  return (
    <section aria-labelledby="store-told">
      <h3 id="store-told">What the shop told the bot</h3>
      {store.deliveries.length === 0 && <p class="soft">Nothing yet.</p>}
      <ol class="told">
        {store.deliveries.map((delivery) => (
          <li key={delivery.id}>
            <span class="soft">{moment(delivery.time)}</span>
            <code>{delivery.topic}</code>
            <span class={`mark ${delivery.state}`}>{deliveryText(delivery, moment)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function deliveryText({ state, status, tries, nextAt }: StoreDelivery, moment: StoreView['moment']): string {
  const answer = status === undefined ? 'no answer' : `answer ${status}`;
  const often = tries > 1 ? `, ${tries} tries` : '';
  switch (state) {
    case 'taken':
      return `taken, ${answer}${often}`;
    case 'given-up':
      return `given up, ${answer}${often}`;
    case 'waiting':
      return tries === 0 ? 'on its way' : `${answer}, again at ${nextAt ? moment(nextAt) : 'once'}`;
  }
}

/** When something was, as short as can be. */
export function momentOf(now: number, timeZone: string): StoreView['moment'] {
  return (instant) => momentText(Date.parse(instant), now, timeZone);
}
