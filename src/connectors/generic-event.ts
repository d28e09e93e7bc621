import { z } from 'zod';
import { readShopPhone } from '../contacts/phone.ts';
import type { ShopItem, ShopPerson, ShopReport } from '../shop/report.ts';
import { known } from './webhook-body.ts';

// The generic event API, version 1 (facts/commerce §3). Other tools' words for the same things: `event-alias.ts`.

const types = [
  'cart.added',
  'cart.updated',
  'cart.emptied',
  'checkout.started',
  'order.created',
  'order.paid',
  'order.completed',
  'order.cancelled',
  'order.refunded',
  'contact.updated',
  'contact.deleted',
  'campaign.sent',
] as const;

const text = (longest: number) => z.string().max(longest);
const maybe = (longest: number) => text(longest).nullish();
const money = z.string().regex(/^-?[0-9]{1,15}(\.[0-9]{1,4})?$/);
const currency = z.string().regex(/^[A-Z]{3}$/);
const url = z
  .string()
  .max(2048)
  .regex(/^https:\/\//)
  .nullish();
const instant = z.iso.datetime({ offset: true });

const item = z.object({
  product_id: text(128).optional(),
  variant_id: maybe(128),
  sku: maybe(128),
  name: text(300),
  quantity: z.int().min(1).max(100_000),
  unit_price: money.optional(),
  url,
  image_url: url,
});

const items = z.array(item).max(100);

const contact = z
  .strictObject({
    phone: maybe(40),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .nullish(),
    email: maybe(254),
    external_id: maybe(128),
    click_id: maybe(64),
    first_name: maybe(100),
    last_name: maybe(100),
    locale: maybe(35),
    whatsapp_consent: z.boolean().nullish(),
    whatsapp_code: maybe(20),
    consent_at: instant.nullish(),
    consent_source: maybe(100),
  })
  .refine(
    ({ phone, email, external_id: id, click_id: click }) => [phone, email, id, click].some((one) => one !== undefined),
    {
      error: 'needs a phone, an email, an external_id or a click_id',
    },
  );

const cart = z.object({
  id: text(256).min(1),
  url,
  currency: currency.optional(),
  total: money.optional(),
  items: items.optional(),
});

const order = z.object({
  id: text(128).min(1),
  number: maybe(64),
  cart_id: maybe(256),
  status: text(40).optional(),
  currency: currency.optional(),
  total: money.optional(),
  created_at: instant.optional(),
  discount_codes: z.array(text(255)).max(20).optional(),
  items: items.optional(),
});

const data = z.object({
  cart: cart.optional(),
  added: items.optional(),
  order: order.optional(),
  refund: z.object({ id: text(128).optional(), amount: money, currency }).optional(),
  campaign: z.object({ id: text(128), name: maybe(200) }).optional(),
  reason: maybe(200),
});

/** An event as a shop sends it; whatever is not in here is refused at the top and with the contact, and passed over below. */
export const genericEvent = z
  .strictObject({
    id: text(128).regex(/^[A-Za-z0-9._:-]+$/),
    type: z.enum(types),
    occurred_at: instant,
    test: z.boolean().default(false),
    contact,
    data: data.optional(),
  })
  .superRefine(({ type, data: about }, context) => {
    const [noun] = type.split('.');
    const needed = ({ cart: 'cart', checkout: 'cart', order: 'order', campaign: 'campaign' } as const)[noun ?? ''];
    if (needed && !about?.[needed]) {
      context.addIssue({ code: 'custom', path: ['data', needed], message: `is needed with ${type}` });
    }
  });

export type GenericEvent = z.infer<typeof genericEvent>;

/** @param country ISO code of the shop's country, for numbers without a country code */
export function readGenericEvent(event: GenericEvent, country: string | undefined): readonly ShopReport[] {
  const at = new Date(event.occurred_at);
  const person = readPerson(event.contact, country);
  return [...readSubject(event, person, at), ...readConsent(event, person, at)];
}

function readSubject(
  { type, test, data: about = {} }: GenericEvent,
  person: ShopPerson,
  at: Date,
): readonly ShopReport[] {
  switch (type) {
    case 'cart.added':
    case 'cart.updated':
    case 'cart.emptied':
      return about.cart ? [readCart(about.cart, type, person, at)] : [];
    case 'checkout.started':
      return about.cart ? [readCheckout(about.cart, person, at)] : [];
    case 'contact.updated':
      return [{ kind: 'person', person, at }];
    case 'contact.deleted':
      return [{ kind: 'erase', person, orders: [], at }];
    case 'campaign.sent':
      return about.campaign ? [{ kind: 'campaign', person, campaign: about.campaign.id, at }] : [];
    default:
      return about.order ? readOrder({ order: about.order, refund: about.refund, type, person, at, test }) : [];
  }
}

function readCart(
  { id: token, items: given = [], total, currency: unit, url: link }: z.infer<typeof cart>,
  type: GenericEvent['type'],
  person: ShopPerson,
  at: Date,
): ShopReport {
  return {
    kind: 'cart',
    cart: token,
    person,
    items: type === 'cart.emptied' ? [] : given.map(readItem),
    added: type === 'cart.added',
    at,
    ...known({ total: amount(total, unit), url: link ?? undefined }),
  };
}

/** A checkout of its own has no name here: it is the cart's. */
function readCheckout(
  { id: token, items: given = [], total, currency: unit, url: link }: z.infer<typeof cart>,
  person: ShopPerson,
  at: Date,
): ShopReport {
  return {
    kind: 'checkout',
    checkout: token,
    cart: token,
    person,
    items: given.map(readItem),
    startedAt: at,
    at,
    ...known({ total: amount(total, unit), url: link ?? undefined }),
  };
}

interface OrderEvent {
  readonly order: z.infer<typeof order>;
  readonly refund: z.infer<typeof data>['refund'];
  readonly type: GenericEvent['type'];
  readonly person: ShopPerson;
  readonly at: Date;
  readonly test: boolean;
}

function readOrder({ order: told, refund, type, person, at, test }: OrderEvent): readonly ShopReport[] {
  const report: ShopReport = {
    kind: 'order',
    order: told.id,
    person,
    items: (told.items ?? []).map(readItem),
    codes: told.discount_codes ?? [],
    createdAt: told.created_at ? new Date(told.created_at) : at,
    whole: false,
    test,
    at,
    ...known({
      number: told.number ?? undefined,
      cart: told.cart_id ?? undefined,
      total: amount(told.total, told.currency),
      paidAt: type === 'order.paid' ? at : undefined,
      completedAt: type === 'order.completed' ? at : undefined,
      cancelledAt: type === 'order.cancelled' ? at : undefined,
    }),
  };
  const back = type === 'order.refunded' ? (refund ?? wholeRefund(told)) : undefined;
  return back
    ? [
        report,
        {
          kind: 'refund',
          refund: `${told.id}/${back.id ?? at.toISOString()}`,
          order: told.id,
          money: { amount: back.amount, currency: back.currency },
          at,
        },
      ]
    : [report];
}

/** Without a word about how much, all of it went back. */
function wholeRefund({ total, currency: unit }: z.infer<typeof order>) {
  return total && unit ? { id: 'all', amount: total, currency: unit } : undefined;
}

/** Nothing said is no consent and no refusal. */
function readConsent({ contact: from }: GenericEvent, person: ShopPerson, at: Date): readonly ShopReport[] {
  const { whatsapp_consent: consent, consent_at: when, consent_source: source } = from;
  if (consent === undefined || consent === null) {
    return [];
  }
  const state = consent ? ('granted' as const) : ('not-granted' as const);
  const said = { state, source: source ?? 'event of the shop' };
  return [{ kind: 'consent', person, ...said, act: Boolean(when), at: when ? new Date(when) : at }];
}

function readPerson(from: z.infer<typeof contact>, shopCountry: string | undefined): ShopPerson {
  const where = from.country ?? shopCountry;
  const phone = from.phone ? readShopPhone(withCode(from.phone, from.whatsapp_code), where) : undefined;
  return known({
    phone,
    phoneFrom: phone && ('account' as const),
    email: from.email ?? undefined,
    customerId: from.external_id ?? undefined,
    clickId: from.click_id ?? undefined,
    firstName: from.first_name ?? undefined,
    lastName: from.last_name ?? undefined,
    locale: from.locale ?? undefined,
    country: from.country ?? undefined,
  });
}

/** A dialling code goes before a local number; one that has its code keeps it. */
function withCode(phone: string, code: string | null | undefined): string {
  const digits = code?.replaceAll(/\D/g, '');
  return digits && !/^\s*(?:\+|00)/.test(phone) ? `+${digits}${phone.replace(/^\D*0?/, '')}` : phone;
}

function readItem(one: z.infer<typeof item>): ShopItem {
  return {
    name: one.name,
    quantity: one.quantity,
    ...known({
      productId: one.product_id,
      variantId: one.variant_id ?? undefined,
      sku: one.sku ?? undefined,
      price: one.unit_price,
      url: one.url ?? undefined,
      imageUrl: one.image_url ?? undefined,
    }),
  };
}

function amount(value: string | undefined, unit: string | undefined) {
  return value && unit ? { amount: value, currency: unit } : undefined;
}
