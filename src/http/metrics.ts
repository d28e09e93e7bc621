import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Vitals } from '../admin/command.ts';
import { isLinked, type Link } from '../outbox/link.ts';

/** The figures for Prometheus, read from the bot at each scrape. */
export function makeMetrics({
  link,
  vitals,
}: {
  readonly link: () => Link;
  readonly vitals: () => Promise<Vitals>;
}): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const figures: readonly (readonly [name: string, help: string, read: (vitals: Vitals) => number])[] = [
    ['shopbell_messages_received_24h', 'Messages received in the last 24 hours', ({ received }) => received],
    ['shopbell_messages_sent_24h', 'Messages sent in the last 24 hours', ({ sent }) => sent],
    ['shopbell_outbox_waiting', 'Messages waiting to be sent', ({ waiting }) => waiting],
    ['shopbell_arrivals_pending', 'Arrivals not in the log yet', ({ arrivalsPending }) => arrivalsPending],
    [
      'shopbell_arrivals_failed',
      'Arrivals set aside because they could not be read',
      ({ arrivalsFailed }) => arrivalsFailed,
    ],
  ];
  const gauges = figures.map(([name, help, read]) => ({
    gauge: new Gauge({ name, help, registers: [registry] }),
    read,
  }));
  const linked = new Gauge({
    name: 'shopbell_whatsapp_linked',
    help: '1 while linked to WhatsApp',
    registers: [registry],
    async collect() {
      linked.set(isLinked(link()) ? 1 : 0);
      const now = await vitals();
      for (const { gauge, read } of gauges) {
        gauge.set(read(now));
      }
    },
  });
  return registry;
}
