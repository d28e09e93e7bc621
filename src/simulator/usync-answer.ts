import { addressOf, parseAddress, phoneAddress } from './addresses.ts';
import type { Directory } from './directory.ts';
import type { Phone } from './phone.ts';
import { bytesOf, childOf, childrenOf, type Stanza, stanza } from './stanza.ts';

/** What a bot may ask about people, by the name of the protocol; `undefined` leaves the question out of the answer. */
const protocols: Readonly<Record<string, (asked: Asked) => Stanza | undefined>> = {
  contact: ({ phone }) => stanza('contact', { type: phone ? 'in' : 'out' }),
  devices: ({ phone, directory }) => phone && stanza('devices', {}, [deviceList(phone, directory)]),
  lid: ({ phone, byNumber }) => (phone && byNumber ? stanza('lid', { val: addressOf(phone, 'lid') }) : undefined),
  status: () => stanza('status', { t: '0' }),
  disappearing_mode: () => stanza('disappearing_mode', { duration: '0', t: '0' }),
};

interface Asked {
  readonly phone: Phone | undefined;
  readonly byNumber: boolean;
  readonly directory: Directory;
}

/** Answers a question about people; `undefined` when it asks for something this server does not know. */
export function answerUsync(query: Stanza, directory: Directory, unknown: readonly string[]): Stanza | undefined {
  const usync = childOf(query, 'usync');
  const names = childrenOf(childOf(usync, 'query')).map(({ tag }) => tag);
  if (names.length === 0 || names.some((name) => !(name in protocols))) {
    return undefined;
  }
  const users = childrenOf(childOf(usync, 'list'), 'user').map((user) => answerUser(user, names, directory, unknown));
  return stanza('usync', usync?.attrs, [stanza('result'), stanza('list', {}, users)]);
}

function answerUser(user: Stanza, names: readonly string[], directory: Directory, unknown: readonly string[]): Stanza {
  const jid = user.attrs['jid'] ?? phoneAddress(askedNumber(user));
  const address = parseAddress(jid);
  const found = directory.phoneAt(address);
  const phone = found && !unknown.includes(found.number) ? found : undefined;
  const asked = { phone, byNumber: address?.addressing === 'pn', directory };
  return stanza(
    'user',
    { jid },
    names.map((name) => protocols[name]?.(asked)).filter((answer) => answer !== undefined),
  );
}

/** facts: someone asked for by number is named only inside their own contact element, with a plus. */
function askedNumber(user: Stanza): string {
  return (bytesOf(childOf(user, 'contact'))?.toString() ?? '').replace(/\D/g, '');
}

/** facts: a companion without a key index is ignored by the client. */
function deviceList(phone: Phone, directory: Directory): Stanza {
  const companions = directory
    .devicesOf(phone)
    .map(({ identity }) => stanza('device', { id: String(identity.id), 'key-index': String(identity.keyIndex) }));
  return stanza('device-list', {}, [stanza('device', { id: '0' }), ...companions]);
}
