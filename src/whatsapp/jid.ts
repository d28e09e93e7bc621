import { isHostedLidUser, isHostedPnUser, isLidUser, isPnUser, jidDecode } from '@whiskeysockets/baileys';
import type { Address } from '../contacts/address.ts';

/** The person behind a WhatsApp id, without the device; `undefined` for groups, status, newsletters and the like. */
export function addressOf(jid: string | undefined): Address | undefined {
  const user = jid && jidDecode(jid)?.user;
  if (!user) {
    return undefined;
  }
  if (isLidUser(jid) || isHostedLidUser(jid)) {
    return { kind: 'lid', value: user };
  }
  if (isPnUser(jid) || isHostedPnUser(jid)) {
    return { kind: 'phone', value: `+${user}` };
  }
  return undefined;
}

/** The WhatsApp id of a person. A username has none: such a person is reached by the LID. */
export function jidOf(address: Address): string | undefined {
  switch (address.kind) {
    case 'lid':
      return `${address.value}@lid`;
    case 'phone':
      return `${address.value.replace('+', '')}@s.whatsapp.net`;
    case 'username':
      return undefined;
  }
}
