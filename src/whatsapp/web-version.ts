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

/**
 * The version to log in with: the one that worked last, or the package's own. When WhatsApp calls it outdated, a newer one is asked for,
 * once between two links, and kept when it works (facts/whatsapp §3.1).
 */
export class WebVersionChoice {
  readonly #fetch: (() => Promise<WebVersion | undefined>) | undefined;
  /** A newer version that has not been seen to work yet. */
  #candidate: WebVersion | undefined;
  #asked = false;

  constructor(fetch: (() => Promise<WebVersion | undefined>) | undefined) {
    this.#fetch = fetch;
  }

  async current(keys: SignalKeyStore): Promise<WebVersion> {
    return this.#candidate ?? (await readWebVersion(keys));
  }

  /** @returns a newer version to try, if there is one */
  async findNewer(keys: SignalKeyStore): Promise<WebVersion | undefined> {
    if (this.#asked || !this.#fetch) {
      return undefined;
    }
    this.#asked = true;
    const newest = await this.#fetch().catch(() => undefined);
    this.#candidate = newest && isNewer(newest, await readWebVersion(keys)) ? newest : undefined;
    return this.#candidate;
  }

  /** The version is accepted: it is the one for the next starts too. */
  async worked(keys: SignalKeyStore): Promise<void> {
    const version = this.#candidate;
    this.#candidate = undefined;
    this.#asked = false;
    if (version) {
      await (keys as unknown as VersionStore).set({ [TYPE]: { [ID]: version } });
    }
  }
}

/** The version that worked last, unless this release brings a newer one. */
async function readWebVersion(keys: SignalKeyStore): Promise<WebVersion> {
  const found = await (keys as unknown as VersionStore).get(TYPE, [ID]);
  const worked = found[ID];
  return worked && isNewer(worked, packageVersion) ? worked : packageVersion;
}

function isNewer(version: WebVersion, than: WebVersion): boolean {
  const difference = version.map((part, place) => part - (than[place] ?? 0)).find((part) => part !== 0) ?? 0;
  return difference > 0;
}

/** The key store of the login takes any type; Baileys' types name only its own. */
interface VersionStore {
  get(type: typeof TYPE, ids: readonly string[]): Promise<Readonly<Record<string, WebVersion>>>;
  set(changes: { readonly [TYPE]: Readonly<Record<string, WebVersion>> }): Promise<void>;
}
