import { everyRole } from '../../contacts/member.ts';
import { formatPhoneNumber } from '../../contacts/phone.ts';
import { formatLocalTime } from '../../lib/time.ts';
import { registry } from '../../settings/registry.ts';
import type { Texts } from '../../texts/en.ts';
import type { Command, Shop, Vitals } from '../command.ts';
import { describeConnections } from '../describe-connections.ts';
import { describeLink } from '../describe-link.ts';

export const status: Command = {
  name: 'status',
  allowed: everyRole,
  async run(_request, shop) {
    const { texts, settings } = shop;
    const vitals = await shop.vitals();
    const missing = missingSteps(shop);
    return {
      text: [
        `*${settings['shop.name']}*`,
        linkLine(shop),
        texts.status.day(vitals.received, vitals.sent),
        texts.status.waiting(vitals.waiting),
        ...refusedLines(vitals, texts),
        ...(vitals.arrivalsFailed > 0 ? [texts.status.failed(vitals.arrivalsFailed)] : []),
        ...(vitals.deliveriesFailed > 0 ? [texts.status.failedDeliveries(vitals.deliveriesFailed)] : []),
        ...describeConnections(vitals.connections, shop)
          .filter(({ isWell }) => !isWell)
          .map(({ line }) => line),
        texts.status.owners(vitals.owners),
        missing.length > 0 ? texts.status.missing(missing) : texts.status.nothingMissing,
      ].join('\n'),
    };
  },
};

/** One line that says how the bot stands with WhatsApp, with the next step when there is one. */
export function linkLine({ link, texts, settings }: Shop): string {
  const now = link();
  if (now.state === 'linked') {
    const since = formatLocalTime(now.since, settings['shop.timezone'], texts.locale);
    return texts.status.linked(formatPhoneNumber(now.phone), since);
  }
  const { state, advice } = describeLink(now, texts);
  return texts.status.notLinked(state, advice);
}

/** What did not arrive, by reason, each in words. */
function refusedLines({ refused }: Vitals, texts: Texts): string[] {
  const words: Readonly<Record<string, string>> = texts.refusals;
  return refused.map(({ reason, count }) => texts.status.refused(count, words[reason] ?? texts.otherRefusal(reason)));
}

function missingSteps({ settings, texts }: Shop): string[] {
  const name = settings['shop.name'] === registry['shop.name'].default ? [texts.status.missingName] : [];
  const zone = settings['shop.timezone'] === registry['shop.timezone'].default ? [texts.status.missingTimeZone] : [];
  return [...name, ...zone];
}
