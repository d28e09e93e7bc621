import { EventReceiver } from './event-receiver.ts';

/** An order as the CRM knows it. */
interface CrmOrder {
  readonly id: string;
  readonly number: string;
  readonly total: string;
  readonly currency: string;
  readonly created_at: string;
}

/** A shop's own CRM that is asked whether somebody has bought (facts/commerce §4), and everything that it was asked. */
export class CrmEndpoint {
  /** By phone, in the form +34600000001. */
  readonly orders = new Map<string, readonly CrmOrder[]>();
  readonly #doNotContact = new Set<string>();
  readonly receiver: EventReceiver;

  constructor(secret: string) {
    this.receiver = new EventReceiver(secret, (body) => ({
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(this.#answer(JSON.parse(body))),
    }));
  }

  /** Says of this person from now on that nobody may write to them. */
  protect(phone: string): void {
    this.#doNotContact.add(phone);
  }

  #answer({ contact, since }: Question): object {
    const phones = [contact?.phone, ...(contact?.phone_alternates ?? [])].filter((phone) => phone !== undefined);
    if (phones.some((phone) => this.#doNotContact.has(phone))) {
      return { converted: false, do_not_contact: true, reason: 'legal hold' };
    }
    const orders = phones
      .flatMap((phone) => this.orders.get(phone) ?? [])
      .filter(({ created_at: at }) => since === undefined || Date.parse(at) >= Date.parse(since));
    return { converted: orders.length > 0, orders: orders.map((order) => ({ ...order, status: 'paid' })) };
  }
}

interface Question {
  readonly contact?: { readonly phone?: string; readonly phone_alternates?: readonly string[] };
  readonly since?: string;
}
