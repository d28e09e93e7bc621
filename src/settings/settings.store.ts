import type { Database } from '../database/database.ts';
import { settingChanges, settings } from '../database/schema.ts';
import { registry, type SettingKey, type Settings, settingKeys } from './registry.ts';
import type { Setting } from './setting.ts';

/** The settings as they hold now. A stored value that no longer parses counts as unset. */
export async function readSettings(database: Database): Promise<Settings> {
  const rows = await database.select({ key: settings.key, value: settings.value }).from(settings);
  const stored = new Map(rows.map(({ key, value }) => [key, value]));
  const entries = settingKeys.map((key) => {
    const setting: Setting<unknown> = registry[key];
    const text = stored.get(key);
    const parsed = text === undefined ? undefined : setting.parse(text);
    return [key, parsed?.ok ? parsed.value : setting.default];
  });
  return Object.fromEntries(entries) as Settings;
}

/** Stores a value that `parse` has accepted, in the form of `format`, and keeps the change in the ledger. */
export async function changeSetting(
  database: Database,
  change: { readonly key: SettingKey; readonly before: string; readonly after: string; readonly changedBy: number },
  now: Date,
): Promise<void> {
  await database
    .insert(settings)
    .values({ key: change.key, value: change.after, changedAt: now })
    .onConflictDoUpdate({ target: settings.key, set: { value: change.after, changedAt: now } });
  await database.insert(settingChanges).values({ ...change, changedAt: now });
}

/** Gives settings their first values from the environment. What has been set before, by whomever, stays. */
export async function setFirstValues(
  database: Database,
  first: Readonly<Partial<Record<SettingKey, string | undefined>>>,
  now: Date,
): Promise<void> {
  const values = Object.entries(first).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value, changedAt: now }],
  );
  if (values.length > 0) {
    await database.insert(settings).values(values).onConflictDoNothing({ target: settings.key });
  }
}
