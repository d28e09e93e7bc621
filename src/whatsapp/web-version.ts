import { DEFAULT_CONNECTION_CONFIG, fetchLatestWaWebVersion, type SignalKeyStore } from '@whiskeysockets/baileys';
import { type Milliseconds, seconds } from '../lib/time.ts';

/** As which version of WhatsApp Web the bot presents itself. */
export type WebVersion = readonly [number, number, number];

/** Baileys' own request has no end of its own. */
const ANSWER_WITHIN: Milliseconds = seconds(5);

/** The version that this release of Baileys was made for. */
const packageVersion: WebVersion = DEFAULT_CONNECTION_CONFIG.version;

const TYPE = 'web-version';
const ID = 'worked';

/** Asks WhatsApp for its newest version; `undefined` when there is no answer in time. */
export async function fetchWebVersion(): Promise<WebVersion | undefined> {
  const { version, isLatest } = await fetchLatestWaWebVersion({ signal: AbortSignal.timeout(ANSWER_WITHIN) });
  return isLatest ? version : undefined;
}

/** The version that worked last, unless this release brings a newer one. */
export async function readWebVersion(keys: SignalKeyStore): Promise<WebVersion> {
  const found = await (keys as unknown as VersionStore).get(TYPE, [ID]);
  const worked = found[ID];
  return worked && isNewer(worked, packageVersion) ? worked : packageVersion;
}

export async function keepWebVersion(keys: SignalKeyStore, version: WebVersion): Promise<void> {
  await (keys as unknown as VersionStore).set({ [TYPE]: { [ID]: version } });
}

export function isNewer(version: WebVersion, than: WebVersion): boolean {
  const difference = version.map((part, place) => part - (than[place] ?? 0)).find((part) => part !== 0) ?? 0;
  return difference > 0;
}

/** The key store of the login takes any type; Baileys' types name only its own. */
interface VersionStore {
  get(type: typeof TYPE, ids: readonly string[]): Promise<Readonly<Record<string, WebVersion>>>;
  set(changes: { readonly [TYPE]: Readonly<Record<string, WebVersion>> }): Promise<void>;
}
