import type { Phone } from '../../src/simulator/phone.ts';
import type { WhatsAppServer } from '../../src/simulator/whatsapp-server.ts';

/** Somebody in the demo, with a phone. */
export interface Player {
  readonly name: string;
  readonly part: 'shop' | 'owner' | 'customer';
  /** After a slash they switch to this person; the first is the usual one. */
  readonly words: readonly [string, ...string[]];
  readonly phone: Phone;
}

export interface Players {
  readonly shop: Player;
  readonly owner: Player;
  readonly all: readonly Player[];
}

export const peopleNames: readonly string[] = ['Mug Shop', 'Olga', 'Ana', 'Ben'];

/** Gives everybody a phone. Ben's chats are addressed by phone number, the others' by hidden id: WhatsApp has both. */
export function invitePlayers(whatsapp: WhatsAppServer): Players {
  const shop: Player = {
    name: 'Mug Shop',
    part: 'shop',
    words: ['shop'],
    phone: whatsapp.addPhone({ number: '34600000001', name: 'Mug Shop' }),
  };
  const owner: Player = {
    name: 'Olga',
    part: 'owner',
    words: ['owner', 'olga'],
    phone: whatsapp.addPhone({ number: '34600000002', name: 'Olga' }),
  };
  const ana: Player = {
    name: 'Ana',
    part: 'customer',
    words: ['ana'],
    phone: whatsapp.addPhone({ number: '34600000003', name: 'Ana' }),
  };
  const ben: Player = {
    name: 'Ben',
    part: 'customer',
    words: ['ben'],
    phone: whatsapp.addPhone({ number: '34600000004', name: 'Ben', addressing: 'pn' }),
  };
  return { shop, owner, all: [shop, owner, ana, ben] };
}
