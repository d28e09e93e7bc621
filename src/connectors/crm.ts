import type { Database } from '../database/database.ts';
import { type Clock, elapsed, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import type { Settings } from '../settings/registry.ts';
import { readSettings } from '../settings/settings.store.ts';
import { setTrouble } from '../shop/connections.store.ts';
import { type AskCrm, type CrmQuestion, type CrmVerdict, shopId } from '../shop/crm.ts';
import { type Exchange, troubleOf } from '../shop/exchange.ts';
import { readAnswer } from './crm-answer.ts';
import type { PostOutside } from './guarded-request.ts';
import { standardHeaders } from './signature.ts';

/** facts/commerce §4 */
const LIMIT: Milliseconds = seconds(5);

/** So many failures one after another, and the endpoint counts as broken (facts/commerce §4). */
const BROKEN_AFTER = 5;

/** While it is broken, one question so often finds out whether it still is; the others are not asked. */
const LOOK_AGAIN_AFTER: Milliseconds = minutes(1);

export interface Crm {
  readonly ask: AskCrm;
  /** Asks once, broken or not, and tells how it went; nothing when no address is set. */
  tryOut(question: CrmQuestion, stop: AbortSignal): Promise<CrmTrial | undefined>;
}

export interface CrmTrial {
  readonly url: string;
  readonly exchange: Exchange;
  readonly verdict: CrmVerdict;
}

const unknown: CrmVerdict = { kind: 'unknown', doNotContact: false };

/** Asks the shop's own system whether somebody has bought. Whatever is not a clear answer is unknown, never “not bought”. */
export function makeCrm(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly post: PostOutside;
  readonly secret: string | undefined;
  /** It has failed so often that it counts as broken; told once for each time. */
  readonly onBroken: (trial: CrmTrial) => Promise<void>;
}): Crm {
  const { database, clock, post, secret, onBroken } = parts;
  /** Of the address that was asked last. */
  let last = { url: '', at: clock.now(), failures: 0 };

  async function tryOut(question: CrmQuestion, stop: AbortSignal): Promise<CrmTrial | undefined> {
    const settings = await readSettings(database);
    return settings['sales.crm-url'] === '' ? undefined : put(question, settings, stop);
  }

  async function put(question: CrmQuestion, settings: Settings, stop: AbortSignal): Promise<CrmTrial> {
    const url = settings['sales.crm-url'];
    last = { url, at: clock.now(), failures: last.url === url ? last.failures : 0 };
    const body = writeQuestion(question, shopId(settings['shop.name']));
    const headers = standardHeaders(body, question.requestId, secret, clock.now());
    const exchange = await post({ url, headers, body, limit: LIMIT }, stop);
    const verdict = exchange.kind === 'answered' ? readAnswer(exchange, question.since) : unknown;
    const trial = { url, exchange, verdict };
    await count(trial);
    return trial;
  }

  async function count(trial: CrmTrial): Promise<void> {
    const failures = trial.verdict.kind === 'unknown' ? last.failures + 1 : 0;
    last = { ...last, failures };
    if (failures === 0) {
      await setTrouble(database, 'crm', undefined, clock.now());
    } else if (failures >= BROKEN_AFTER) {
      await setTrouble(database, 'crm', troubleOf(trial.exchange), clock.now());
    }
    if (failures === BROKEN_AFTER) {
      await onBroken(trial);
    }
  }

  function isResting(url: string): boolean {
    const isBroken = last.url === url && last.failures >= BROKEN_AFTER;
    return isBroken && elapsed(last.at, clock.now()) < LOOK_AGAIN_AFTER;
  }

  return {
    tryOut,
    async ask(question, stop) {
      const settings = await readSettings(database);
      const url = settings['sales.crm-url'];
      if (url === '') {
        return undefined;
      }
      return isResting(url) ? unknown : (await put(question, settings, stop)).verdict;
    },
  };
}

const reasons: Readonly<Record<CrmQuestion['reason'], string>> = {
  'pre-send': 'pre_send',
  'post-send': 'post_send_check',
  manual: 'manual',
};

/** The question as it goes over the wire. */
function writeQuestion(question: CrmQuestion, shop: string): string {
  const [phone, ...alternates] = question.phones;
  return JSON.stringify({
    type: 'verify_conversion',
    request_id: question.requestId,
    shop_id: shop,
    contact: {
      phone,
      phone_alternates: alternates,
      wa_name: question.name ?? null,
      email: question.emails[0] ?? null,
      external_id: null,
    },
    since: question.since.toISOString(),
    until: question.until.toISOString(),
    context: {
      reason: reasons[question.reason],
      product_mentioned: question.product ?? null,
      attempt_number: question.attempt ?? null,
    },
  });
}
