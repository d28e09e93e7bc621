import { everyRole } from '../../contacts/member.ts';
import { elapsed, formatLocalTime, formatSpan } from '../../lib/time.ts';
import type { Command } from '../command.ts';
import { describeConnections } from '../describe-connections.ts';
import { linkLine } from './status.ts';

export const health: Command = {
  name: 'health',
  allowed: everyRole,
  async run(_request, shop) {
    const { texts, settings, now } = shop;
    const vitals = await shop.vitals();
    const { lastReceivedAt, phoneSeenAt } = vitals;
    return {
      text: [
        texts.health.title,
        linkLine(shop),
        texts.health.phoneSeen(phoneSeenAt && formatSpan(elapsed(phoneSeenAt, now), texts.locale)),
        texts.health.database(vitals.database.kind, vitals.database.tookMs),
        ...describeConnections(vitals.connections, shop).map(({ line }) => line),
        texts.health.arrivals(vitals.arrivalsPending, vitals.arrivalsFailed),
        texts.health.lastReceived(
          lastReceivedAt && formatLocalTime(lastReceivedAt, settings['shop.timezone'], texts.locale),
        ),
        texts.health.process(
          formatSpan(elapsed(vitals.startedAt, now), texts.locale),
          Math.round(vitals.memoryBytes / 1_000_000),
        ),
      ].join('\n'),
    };
  },
};
