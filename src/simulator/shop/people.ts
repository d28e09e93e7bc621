import type { Contact, Customer } from './records.ts';
import type { ShopIds } from './shop-ids.ts';

/** The customers whom a shop knows. */
export class People {
  readonly #ids: ShopIds;
  readonly #customers = new Map<number, Customer>();

  constructor(ids: ShopIds) {
    this.#ids = ids;
  }

  get all(): ReadonlyMap<number, Customer> {
    return this.#customers;
  }

  /** The account of somebody at the checkout, by phone or email, made when there is none; nobody without both. */
  meet(contact: Contact, now: Date): Customer | undefined {
    const { firstName, lastName, email, phone } = contact;
    if (email === undefined && phone === undefined) {
      return undefined;
    }
    const known = [...this.#customers.values()].find(
      (one) => (phone !== undefined && one.phone === phone) || (email !== undefined && one.email === email),
    );
    const addressPhone = contact.addressPhone ?? phone;
    if (known) {
      return this.change(known, { phone: phone ?? known.phone, email: email ?? known.email, addressPhone }, now);
    }
    const customer: Customer = {
      id: this.#ids.number(),
      addressId: this.#ids.number(),
      firstName,
      lastName,
      email,
      phone,
      addressPhone,
      consent: { state: 'never_subscribed', at: undefined, from: 'SHOPIFY' },
      createdAt: now,
      updatedAt: now,
    };
    this.#customers.set(customer.id, customer);
    return customer;
  }

  change(customer: Customer, fields: Partial<Customer>, now: Date): Customer {
    const changed = { ...customer, ...fields, updatedAt: now };
    this.#customers.set(customer.id, changed);
    return changed;
  }

  forget(id: number): void {
    this.#customers.delete(id);
  }
}
