import { randomUUID } from 'node:crypto';
import type { Database } from '../database/database.ts';
import { outboundEvents } from '../database/schema.ts';
import { readSettings } from '../settings/settings.store.ts';
import { readTrouble } from './connections.store.ts';
import { type EventType, writeEvent } from './outbound-event.ts';

/** Something that the shop's own systems may be told of. */
export interface OutboundEvent {
  /** Its cause by name, where the same cause may come twice: it is told once. Any other name when left out. */
  readonly id?: string;
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
  /** Whom it is about. */
  readonly contactId: number | undefined;
}

/**
 * Queues an event for the shop's own systems, if its type is switched on and there is an address that takes events. To be called in the
 * transaction of what happened; whoever does so wakes the sender afterwards.
 *
 * @returns whether it was queued now
 */
export async function emitEvent(database: Database, event: OutboundEvent, now: Date): Promise<boolean> {
  return (await isWanted(database, event.type)) && queueEvent(database, event, now);
}

async function isWanted(database: Database, type: EventType): Promise<boolean> {
  const settings = await readSettings(database);
  const isOn = settings['sales.webhook-url'] !== '' && settings['sales.webhook-events'].some((one) => one === type);
  return isOn && (await readTrouble(database, 'webhook'))?.kind !== 'switched-off';
}

async function queueEvent(database: Database, event: OutboundEvent, now: Date): Promise<boolean> {
  const { id = `evt_${randomUUID()}`, type, data, contactId } = event;
  const rows = await database
    .insert(outboundEvents)
    .values({
      eventId: id,
      type,
      body: writeEvent({ id, type, data, occurredAt: now }),
      contactId: contactId ?? null,
      createdAt: now,
      state: 'pending',
      attempts: 0,
      nextTryAt: now,
      stateSince: now,
    })
    .onConflictDoNothing({ target: outboundEvents.eventId })
    .returning({ id: outboundEvents.id });
  return rows.length === 1;
}
