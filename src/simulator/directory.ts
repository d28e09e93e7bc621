import { type Address, addressOf, hiddenAddress, parseAddress, phoneAddress } from './addresses.ts';
import type { KeyBundle } from './key-bundle.ts';
import type { LinkedDevice } from './linked-device.ts';
import type { Phone } from './phone.ts';

interface Account {
  readonly phone: Phone;
  readonly devices: LinkedDevice[];
  nextDevice: number;
}

/** Everybody on this WhatsApp: phones under both their addresses, and the devices linked to each. */
export class Directory {
  readonly #accounts = new Map<string, Account>();

  get phones(): readonly Phone[] {
    return [...new Set(this.#accounts.values())].map(({ phone }) => phone);
  }

  get devices(): readonly LinkedDevice[] {
    return [...new Set(this.#accounts.values())].flatMap(({ devices }) => devices);
  }

  /** A phone that is here already is found under its new hidden id too. */
  add(phone: Phone): void {
    const account = this.#accounts.get(phoneAddress(phone.number)) ?? { phone, devices: [], nextDevice: 1 };
    this.#accounts.set(phoneAddress(phone.number), account);
    this.#accounts.set(hiddenAddress(phone.lid), account);
  }

  phoneAt(address: Address | undefined): Phone | undefined {
    return this.#accountAt(address)?.phone;
  }

  devicesOf({ number }: Pick<Phone, 'number'>): readonly LinkedDevice[] {
    return this.#accounts.get(phoneAddress(number))?.devices ?? [];
  }

  deviceAt(address: Address | undefined): LinkedDevice | undefined {
    return this.#accountAt(address)?.devices.find(({ identity }) => identity.id === address?.device);
  }

  /** The number of the account's next companion; never used twice. */
  takeDeviceId(phone: Phone): number {
    const account = this.#accounts.get(phoneAddress(phone.number));
    if (!account) {
      throw new Error(`${phone.name} is not on this WhatsApp`);
    }
    account.nextDevice += 1;
    return account.nextDevice - 1;
  }

  link(phone: Phone, device: LinkedDevice): void {
    this.#accounts.get(phoneAddress(phone.number))?.devices.push(device);
    phone.devicesChanged();
  }

  unlink(device: LinkedDevice): void {
    const account = this.#accounts.get(phoneAddress(device.identity.number));
    const index = account?.devices.indexOf(device) ?? -1;
    if (account && index >= 0) {
      account.devices.splice(index, 1);
      account.phone.devicesChanged();
    }
  }

  /** The keys with which to open a Signal session with a phone or a linked device. */
  takeBundle(jid: string): KeyBundle | undefined {
    const address = parseAddress(jid);
    if (address?.device === 0) {
      return this.phoneAt(address)?.signal.giveBundle();
    }
    return this.deviceAt(address)?.takeBundle();
  }

  #accountAt(address: Address | undefined): Account | undefined {
    const person = address && { number: address.user, lid: address.user };
    return person && this.#accounts.get(addressOf(person, address.addressing));
  }
}
