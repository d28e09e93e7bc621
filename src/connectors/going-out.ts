import { describeExchange } from '../admin/describe-exchange.ts';
import type { Database } from '../database/database.ts';
import type { Lease } from '../database/lease.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/time.ts';
import type { WorkLoop } from '../lib/work-loop.ts';
import { noticeOwners } from '../outbox/notices.store.ts';
import { readSettings } from '../settings/settings.store.ts';
import { readTrouble } from '../shop/connections.store.ts';
import type { AskCrm } from '../shop/crm.ts';
import type { AddressRefusal } from '../shop/exchange.ts';
import { isTaken } from '../shop/outbound-event.ts';
import type { OutsideAccess } from '../shop/outside-access.ts';
import { textsIn } from '../texts/texts.ts';
import { type CrmTrial, makeCrm } from './crm.ts';
import { makeEventSender, makePostEvent } from './event-sender.worker.ts';
import { makePostOutside } from './guarded-request.ts';
import { addressRules, refusalOf } from './outside-address.ts';
import { hostOf, makeTrials } from './outside-trials.ts';
import { makeSettle, type SwitchOffReason, type Try } from './settle-event.ts';

export interface GoingOut extends WorkLoop {
  readonly askCrm: AskCrm;
}

/** Everything that the shop's own systems are told and asked: a room that is started, woken when an event was queued, and stopped. */
export function makeGoingOut(parts: {
  readonly database: Database;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly log: Log;
  readonly outside: Pick<OutsideAccess, 'allowPrivateTargets'> & {
    readonly crm: { readonly secret: string | undefined };
    readonly webhook: { readonly secret: string | undefined };
  };
  /** From 0 to 1, for the pauses between tries. */
  readonly chance: () => number;
  readonly chooseMessageId: () => string;
  /** Messages may have been queued. */
  readonly onQueued: () => void;
}): GoingOut {
  const { database, lease, clock, log, outside, chance, chooseMessageId, onQueued } = parts;
  const post = makePostOutside({ rules: addressRules(outside.allowPrivateTargets), clock });
  const postEvent = makePostEvent({ post, clock, secret: outside.webhook.secret });
  const notices = makeNotices(chooseMessageId);
  const crm = makeCrm({
    database,
    clock,
    post,
    secret: outside.crm.secret,
    async onBroken(trial) {
      await notices.tellCrmBroken(database, trial, clock.now());
      onQueued();
    },
  });
  const isSigned = { webhook: outside.webhook.secret !== undefined, crm: outside.crm.secret !== undefined };
  const tryOut = makeTrials({ database, clock, post: postEvent, crm, isSigned, chooseMessageId });
  const settle = makeSettle({ log, chance, tellSwitchedOff: notices.tellSwitchedOff });
  const sender = makeEventSender({ database, lease, clock, log, post: postEvent, tryOut, settle, onQueued });
  return { ...sender, askCrm: crm.ask };
}

/** Judges by its text alone whether an address that somebody types may be called at all. */
export function makeAddressJudge(allowPrivateTargets: boolean): (address: string) => AddressRefusal | undefined {
  const rules = addressRules(allowPrivateTargets);
  return (address) => refusalOf(new URL(address), rules);
}

/** What owners are told when one of their own systems no longer hears or answers. */
function makeNotices(chooseMessageId: () => string) {
  return {
    async tellSwitchedOff(
      database: Database,
      { url, exchange }: Try,
      reason: SwitchOffReason,
      now: Date,
    ): Promise<void> {
      const texts = textsIn((await readSettings(database))['shop.language']);
      const how = describeExchange(exchange, texts);
      const why = reason === 'gone' ? how : texts.notices.failedForDays(how);
      const text = texts.notices.webhookSwitchedOff(hostOf(url), why);
      await noticeOwners(database, { key: `webhook-off:${now.toISOString()}`, text, chooseMessageId }, now);
    },
    async tellCrmBroken(database: Database, { url, exchange }: CrmTrial, now: Date): Promise<void> {
      const texts = textsIn((await readSettings(database))['shop.language']);
      const isUnclear = exchange.kind === 'answered' && isTaken(exchange.status);
      const why = isUnclear ? texts.notices.crmUnclear : describeExchange(exchange, texts);
      const text = texts.notices.crmBroken(hostOf(url), why);
      // A restart in the middle of it is no new trouble.
      const since = (await readTrouble(database, 'crm'))?.since ?? now;
      await noticeOwners(database, { key: `crm-broken:${since.toISOString()}`, text, chooseMessageId }, now);
    },
  };
}
