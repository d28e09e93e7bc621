import type { Database } from '../database/database.ts';
import { defaultSettings, type Settings } from './registry.ts';
import { readSettings } from './settings.store.ts';

/**
 * The settings for those who must have words even when the database is what is down: as they are now, or else as they were last
 * read. Never rejects.
 */
export function makeLastKnownSettings(database: Database): () => Promise<Settings> {
  let known = defaultSettings;
  return async () => {
    known = await readSettings(database).catch(() => known);
    return known;
  };
}
