import { parsePhoneNumber } from '../contacts/phone.ts';
import { readProfile } from '../contacts/profiles.store.ts';
import type { Database } from '../database/database.ts';
import type { SettingKey } from '../settings/registry.ts';
import { setTrouble } from '../shop/connections.store.ts';
import { queueCrmTest, queueWebhookTest, startAnew } from '../shop/outbound-events.store.ts';
import type { Outside } from './outside.ts';

/**
 * The shop's own systems as one member may deal with them. What is queued here leaves after this transaction.
 *
 * @param contactId who asks
 */
export function outsideIn(
  database: Database,
  { contactId, judge }: { readonly contactId: number; readonly judge: Outside['judge'] },
  now: Date,
): Outside {
  return {
    judge,
    async tryOut(which) {
      if (which === 'webhook') {
        await queueWebhookTest(database, contactId, now);
        return undefined;
      }
      const known = (await readProfile(database, contactId))?.phones ?? [];
      const [phone, ...others] = known.flatMap((text) => parsePhoneNumber(text) ?? []);
      if (!phone) {
        return 'no-phone';
      }
      await queueCrmTest(database, { contactId, phones: [phone, ...others] }, now);
      return undefined;
    },
  };
}

/** What else changes with a setting: a new address owes nothing to what became of the old one. */
export async function afterChange(database: Database, key: SettingKey, now: Date): Promise<void> {
  if (key === 'sales.webhook-url') {
    await startAnew(database, now);
  }
  if (key === 'sales.crm-url') {
    await setTrouble(database, 'crm', undefined, now);
  }
}
