import { describeExchange } from '../admin/describe-exchange.ts';
import type { Database } from '../database/database.ts';
import type { Clock } from '../lib/time.ts';
import { queueMessage } from '../outbox/outbox.store.ts';
import type { Settings } from '../settings/registry.ts';
import { readSettings } from '../settings/settings.store.ts';
import type { Exchange } from '../shop/exchange.ts';
import { isTaken, TEST_EVENT } from '../shop/outbound-event.ts';
import { CRM_TEST, finishEvent, type OutboundRow, readCrmTest, startAnew } from '../shop/outbound-events.store.ts';
import type { Texts } from '../texts/en.ts';
import { textsIn } from '../texts/texts.ts';
import type { Crm, CrmTrial } from './crm.ts';
import type { PostEvent } from './event-sender.worker.ts';

/**
 * Makes the tests that somebody has asked for in the chat, each once, and tells that person what came of it.
 *
 * @returns a function that says of a row whether it was a test; one that was is done then
 */
export function makeTrials(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly post: PostEvent;
  readonly crm: Crm;
  readonly isSigned: { readonly webhook: boolean; readonly crm: boolean };
  readonly chooseMessageId: () => string;
}): (row: OutboundRow, stop: AbortSignal) => Promise<boolean> {
  const { database, clock, post, crm, isSigned, chooseMessageId } = parts;

  async function tryWebhook(row: OutboundRow, stop: AbortSignal): Promise<void> {
    const settings = await readSettings(database);
    const texts = textsIn(settings['shop.language']);
    const url = settings['sales.webhook-url'];
    if (url === '') {
      await tell(row, false, texts.test.noAddress.webhook);
      return;
    }
    const exchange = await post(url, row, stop);
    const taken = exchange.kind === 'answered' && isTaken(exchange.status);
    const told = describeWebhookTrial(url, exchange, settings, texts);
    const unsigned = isSigned.webhook || !taken ? [] : [texts.test.unsigned('WEBHOOK_SECRET')];
    await tell(row, taken, [...told, ...unsigned].join('\n'));
  }

  async function tryCrm(row: OutboundRow, stop: AbortSignal): Promise<void> {
    const texts = textsIn((await readSettings(database))['shop.language']);
    const trial = await crm.tryOut(readCrmTest(row), stop);
    if (!trial) {
      await tell(row, false, texts.test.noAddress.crm);
      return;
    }
    const unsigned = isSigned.crm ? [] : [texts.test.unsigned('CRM_SECRET')];
    await tell(row, isClear(trial), [...describeCrmTrial(trial, texts), ...unsigned].join('\n'));
  }

  /** The result is told exactly when the test is done. */
  async function tell(row: OutboundRow, worked: boolean, text: string): Promise<void> {
    const now = clock.now();
    await database.transaction(async (transaction) => {
      await finishEvent(transaction, row, { state: worked ? 'delivered' : 'failed' }, now);
      if (worked && row.type === TEST_EVENT) {
        await startAnew(transaction, now);
      }
      if (row.contactId !== null) {
        await queueMessage(
          transaction,
          {
            key: `test:${row.eventId}`,
            contactId: row.contactId,
            kind: 'staff',
            content: { kind: 'text', text },
            whatsappId: chooseMessageId(),
          },
          now,
        );
      }
    });
  }

  return async (row, stop) => {
    if (row.type === TEST_EVENT) {
      await tryWebhook(row, stop);
    } else if (row.type === CRM_TEST) {
      await tryCrm(row, stop);
    }
    return row.type === TEST_EVENT || row.type === CRM_TEST;
  };
}

function describeWebhookTrial(url: string, exchange: Exchange, settings: Settings, texts: Texts): string[] {
  if (exchange.kind !== 'answered' || !isTaken(exchange.status)) {
    return [texts.test.failed(hostOf(url), describeExchange(exchange, texts))];
  }
  const hint = settings['sales.webhook-events'].length === 0 ? [texts.test.noEventsOn] : [];
  return [texts.test.webhookTaken(hostOf(url), exchange.took), ...hint];
}

function describeCrmTrial(trial: CrmTrial, texts: Texts): string[] {
  const { url, exchange, verdict } = trial;
  if (!isClear(trial) || exchange.kind !== 'answered') {
    return [describeCrmFailure(trial, texts)];
  }
  const answered = texts.test.crmAnswered(hostOf(url), exchange.took, verdict.kind === 'converted');
  return verdict.doNotContact ? [answered, texts.test.doNotContact] : [answered];
}

function describeCrmFailure({ url, exchange }: CrmTrial, texts: Texts): string {
  return exchange.kind === 'answered' && isTaken(exchange.status)
    ? texts.test.crmUnclear(hostOf(url))
    : texts.test.failed(hostOf(url), describeExchange(exchange, texts));
}

function isClear({ verdict }: CrmTrial): boolean {
  return verdict.kind !== 'unknown';
}

/** An address as staff know it again; its path may hold a key. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
