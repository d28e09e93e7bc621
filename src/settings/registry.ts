import { country } from './country.ts';
import { choice, type Setting, shortText, wholeSeconds } from './setting.ts';
import { timeZone } from './time-zone.ts';
import { webAddress } from './web-address.ts';

/** The languages in which the bot talks. Each has a file in `texts/`. */
export const languages = ['en', 'es'] as const;

export type Language = (typeof languages)[number];

/** THE list of what an owner may change. What is not here is no setting; help and checks are derived from it. */
export const registry = {
  'shop.name': shortText(60, 'My shop', 'Olga’s Mugs'),
  'shop.language': choice(languages, 'en'),
  'shop.timezone': timeZone('UTC'),
  'shop.country': country(),
  'shop.url': webAddress('https://shop.example.com'),
  'sending.typing': wholeSeconds(0, 15, 6),
  'post-purchase.completed-when': choice(['fulfilled', 'paid', 'created'], 'fulfilled'),
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
