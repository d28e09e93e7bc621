import { createHash } from 'node:crypto';
import type { GenericEvent } from './generic-event.ts';

// What other tools call the things of the event API.

const aliasedTypes: Readonly<Record<string, GenericEvent['type']>> = {
  'add to cart': 'cart.added',
  checkout: 'checkout.started',
  order: 'order.created',
  purchase: 'order.created',
  return: 'order.refunded',
  refund: 'order.refunded',
};

/** Fields of the contact by the names that other tools give them, folded to small letters with `_`. */
const aliasedFields: Readonly<Record<string, keyof GenericEvent['contact']>> = {
  phone: 'phone',
  phone_number: 'phone',
  email: 'email',
  country: 'country',
  first_name: 'first_name',
  last_name: 'last_name',
  external_id: 'external_id',
  user_id: 'external_id',
  locale: 'locale',
  consent_whatsapp: 'whatsapp_consent',
  whatsapp_code: 'whatsapp_code',
};

/**
 * Puts an event that another tool has worded into our vocabulary (facts/commerce §3): flat, with names of its own, one product, the
 * time in seconds since 1970. An event in our own words stays as it is. Without an id it gets one from what it says, so that the same
 * event is known again.
 */
export function unfoldAlias(source: string, given: unknown): unknown {
  if (typeof given !== 'object' || given === null || ('type' in given && 'contact' in given)) {
    return given;
  }
  const fields = Object.fromEntries(Object.entries(given).map(([name, value]) => [foldName(name), value]));
  const named = String(fields['event'] ?? fields['event_type'] ?? fields['name'] ?? '');
  const type =
    aliasedTypes[
      named
        .toLowerCase()
        .replaceAll(/[\s_]+/g, ' ')
        .trim()
    ] ?? named;
  const seconds = Number(fields['timestamp']);
  const id = String(fields['id'] ?? digestOf(source, named, fields));
  const occurred =
    Number.isFinite(seconds) && seconds > 0 ? new Date(seconds * 1000).toISOString() : fields['timestamp'];
  return {
    id,
    type,
    occurred_at: occurred,
    contact: aliasedContact(fields),
    data: aliasedData(type, id, fields),
  };
}

function foldName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

function digestOf(source: string, type: string, fields: Readonly<Record<string, unknown>>): string {
  const { phone_number: number, phone, product, timestamp } = fields;
  const said = JSON.stringify([source, type, number ?? phone, product, timestamp]);
  return `alias-${createHash('sha256').update(said).digest('hex').slice(0, 32)}`;
}

function aliasedContact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found = Object.entries(aliasedFields).flatMap(([name, field]) =>
    fields[name] === undefined
      ? []
      : [[field, field === 'whatsapp_consent' ? isYes(fields[name]) : String(fields[name])]],
  );
  return Object.fromEntries(found);
}

/** Only what clearly says yes is consent. */
function isYes(value: unknown): boolean {
  return value === true || value === 1 || /^(?:true|1|yes)$/i.test(String(value));
}

/** Without a name of its own a cart is the person's, who has one at a time, and an order is this event. */
function aliasedData(type: string, event: string, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { product, cart_id: cart, order_id: order, cart_url: link } = fields;
  const one = typeof product === 'object' && product !== null ? (product as Record<string, unknown>) : undefined;
  const about = {
    ...(one?.['currency'] ? { currency: one['currency'] } : {}),
    ...(one ? { items: [aliasedItem(one)] } : {}),
  };
  return type.startsWith('order.')
    ? { order: { ...about, id: String(order ?? event) } }
    : { cart: { ...about, id: String(cart ?? personOf(fields) ?? event), ...(link ? { url: link } : {}) } };
}

function personOf(fields: Readonly<Record<string, unknown>>): unknown {
  return fields['phone_number'] ?? fields['phone'] ?? fields['email'] ?? fields['user_id'] ?? fields['external_id'];
}

function aliasedItem(product: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { product_id: productId, name, quantity, price, product_url: link } = product;
  return {
    name: String(name ?? productId ?? ''),
    quantity: Number(quantity ?? 1),
    ...(productId === undefined ? {} : { product_id: String(productId) }),
    ...(price === undefined ? {} : { unit_price: String(price) }),
    ...(link === undefined ? {} : { url: link }),
  };
}
