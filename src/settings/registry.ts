import { country } from './country.ts';
import { choice, type Setting, shortText, wholeSeconds } from './setting.ts';
import { severalOf } from './several.ts';
import { timeZone } from './time-zone.ts';
import { endpoint, webAddress } from './web-address.ts';

/** The languages in which the bot talks. Each has a file in `texts/`. */
export const languages = ['en', 'es'] as const;

export type Language = (typeof languages)[number];

/** What the shop's own systems can be told of, each switched on by itself (facts/commerce §4). */
export const eventTypes = [
  'followup.detected',
  'followup.sent',
  'followup.converted',
  'message.handoff',
  'cart_rescue.sent',
  'contact.opted_out',
  'order.attributed',
] as const;

/** THE list of what an owner may change. What is not here is no setting; help and checks are derived from it. */
export const registry = {
  'shop.name': shortText(60, 'My shop', 'Olga’s Mugs'),
  'shop.language': choice(languages, 'en'),
  'shop.timezone': timeZone('UTC'),
  'shop.country': country(),
  'shop.url': webAddress('https://shop.example.com'),
  'sending.typing': wholeSeconds(0, 15, 6),
  'post-purchase.completed-when': choice(['fulfilled', 'paid', 'created'], 'fulfilled'),
  'sales.crm-url': endpoint('https://crm.example.com/verify'),
  'sales.webhook-url': endpoint('https://hooks.example.com/shopbell'),
  'sales.webhook-events': severalOf(eventTypes),
} satisfies Record<string, Setting<unknown>>;

export type SettingKey = keyof typeof registry;

type SettingValue<Key extends SettingKey> = (typeof registry)[Key] extends Setting<infer Value> ? Value : never;

export type Settings = { readonly [Key in SettingKey]: SettingValue<Key> };

export const settingKeys = Object.keys(registry) as SettingKey[];

/** What holds before anything is set. */
export const defaultSettings = Object.fromEntries(settingKeys.map((key) => [key, registry[key].default])) as Settings;

export function isSettingKey(text: string): text is SettingKey {
  return Object.hasOwn(registry, text);
}
