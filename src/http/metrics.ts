import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Vitals } from '../admin/command.ts';
import { isLinked, type Link } from '../outbox/link.ts';

/** The figures in Prometheus' text form, read from the bot at each call. */
export function makeMetrics({
  link,
  vitals,
}: {
  readonly link: () => Link;
  readonly vitals: () => Promise<Vitals>;
}): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const linked = gauge(registry, 'shopbell_whatsapp_linked', '1 while linked to WhatsApp');
  const figures = [
    [gauge(registry, 'shopbell_messages_received_24h', 'Messages from customers in the last 24 hours'), 'received'],
    [gauge(registry, 'shopbell_messages_sent_24h', 'Messages to customers in the last 24 hours'), 'sent'],
    [gauge(registry, 'shopbell_outbox_waiting', 'Messages waiting to be sent'), 'waiting'],
    [gauge(registry, 'shopbell_arrivals_pending', 'Arrivals not in the log yet'), 'arrivalsPending'],
    [
      gauge(registry, 'shopbell_arrivals_failed', 'Arrivals set aside because they could not be read'),
      'arrivalsFailed',
    ],
    [gauge(registry, 'shopbell_deliveries_pending', 'Deliveries of shops not taken in yet'), 'deliveriesPending'],
    [
      gauge(registry, 'shopbell_deliveries_failed', 'Deliveries of shops set aside because they could not be read'),
      'deliveriesFailed',
    ],
  ] as const;
  return async () => {
    const now = await vitals();
    linked.set(isLinked(link()) ? 1 : 0);
    for (const [figure, name] of figures) {
      figure.set(now[name]);
    }
    return registry.metrics();
  };
}

function gauge(registry: Registry, name: string, help: string): Gauge {
  return new Gauge({ name, help, registers: [registry] });
}
