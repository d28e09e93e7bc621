import { USyncQuery, USyncUser, type WASocket } from '@whiskeysockets/baileys';
import type { Address } from '../contacts/address.ts';
import { addressOf, jidOf } from './jid.ts';

export interface LidOfPhone {
  readonly phone: Address;
  readonly lid: Address;
}

/** What WhatsApp calls these people besides their phone number, as far as it is remembered or WhatsApp says; the unknown are left out. */
export async function findLids(socket: WASocket, phones: readonly Address[]): Promise<readonly LidOfPhone[]> {
  const found = await socket.signalRepository.lidMapping.getLIDsForPNs(jidsOf(phones));
  return readPairs(found ?? []);
}

/** The same, asked of WhatsApp itself even where an answer is remembered; what is remembered becomes what it says. */
export async function askForLids(socket: WASocket, phones: readonly Address[]): Promise<readonly LidOfPhone[]> {
  const query = new USyncQuery().withLIDProtocol().withContext('background');
  for (const jid of jidsOf(phones)) {
    query.withUser(new USyncUser().withId(jid));
  }
  const answer = await socket.executeUSyncQuery(query);
  const pairs = (answer?.list ?? []).flatMap(({ id, lid }) => (typeof lid === 'string' ? [{ pn: id, lid }] : []));
  await socket.signalRepository.lidMapping.storeLIDPNMappings(pairs);
  return readPairs(pairs);
}

function jidsOf(phones: readonly Address[]): string[] {
  return phones.map(jidOf).filter((jid) => jid !== undefined);
}

function readPairs(pairs: readonly { readonly pn: string; readonly lid: string }[]): LidOfPhone[] {
  return pairs.flatMap(({ pn, lid }) => {
    const [phone, other] = [addressOf(pn), addressOf(lid)];
    return phone && other ? [{ phone, lid: other }] : [];
  });
}
