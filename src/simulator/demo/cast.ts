import type { Phone } from '../phone.ts';
import type { WhatsAppServer } from '../whatsapp-server.ts';
import type { Part } from './page-state.ts';

/** Somebody in the demo, with a phone. */
export interface Player {
  readonly part: Part;
  readonly phone: Phone;
}

/** Who is there from the beginning. */
export interface Cast {
  readonly shop: Player;
  readonly owner: Player;
  readonly others: readonly Player[];
}

export function inviteCast(whatsapp: WhatsAppServer): Cast {
  return {
    owner: { part: 'owner', phone: whatsapp.addPhone({ number: '34600000002', name: 'Olga' }) },
    shop: { part: 'shop', phone: whatsapp.addPhone({ number: '34600000001', name: 'Mug Shop' }) },
    others: [
      { part: 'customer', phone: whatsapp.addPhone({ number: '34600000003', name: 'Ana' }) },
      { part: 'advisor', phone: whatsapp.addPhone({ number: '34600000004', name: 'Marta' }) },
    ],
  };
}

/** A newcomer's number and how their chats are addressed: WhatsApp has both ways, so every other one gets the other. */
export function newcomer(alreadyThere: number) {
  return {
    number: String(34_600_000_001 + alreadyThere),
    addressing: alreadyThere % 2 === 0 ? ('pn' as const) : ('lid' as const),
  };
}
