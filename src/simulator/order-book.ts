import type { OrderLetter } from './content.ts';
import { attribute, bytesOf, childOf, type Stanza, stanza } from './stanza.ts';

/** Thousandths, in which WhatsApp writes amounts. */
const THOUSAND = 1000;

/** Orders placed through the shop's catalogue: a message names the order, and the server knows its lines. */
export class OrderBook {
  readonly #orders = new Map<string, OrderLetter>();

  place(order: OrderLetter): void {
    this.#orders.set(order.orderId, order);
  }

  /** The lines of an order for who knows its token; an error for everybody else. */
  answer(query: Stanza): Stanza {
    const asked = childOf(query, 'order');
    const order = asked && this.#orders.get(attribute(asked, 'id'));
    if (!order || bytesOf(childOf(asked, 'token'))?.toString() !== order.token) {
      return stanza('error', { code: '404', text: 'item-not-found' });
    }
    const { orderId, lines = [], total, currency } = order;
    const products = lines.map(({ productId, name, quantity, price }) =>
      stanza('product', {}, [
        text('id', productId),
        text('name', name),
        text('price', String(Math.round(price * THOUSAND))),
        text('currency', currency),
        text('quantity', String(quantity)),
        stanza('image', {}, [text('url', '')]),
      ]),
    );
    const price = stanza('price', {}, [
      text('total', String(Math.round(total * THOUSAND))),
      text('currency', currency),
    ]);
    return stanza('order', { id: orderId }, [...products, price]);
  }
}

function text(tag: string, value: string): Stanza {
  return stanza(tag, {}, Buffer.from(value));
}
