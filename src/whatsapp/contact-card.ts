import ICAL from 'ical.js';
import type { Person } from '../conversations/message.ts';
import { cleanText } from '../conversations/message.ts';

/** Reads a contact card (vCard). A card that is none keeps the name that WhatsApp shows for it. */
export function readContactCard(card: string, displayName: string | undefined): Person {
  const name = displayName && cleanText(displayName);
  try {
    const component = new ICAL.Component(ICAL.parse(card));
    const phones = component.getAllProperties('tel').map((property) => {
      // The phone's own WhatsApp number, in digits, where the card says it.
      const waid = property.getFirstParameter('waid');
      return waid ? `+${cleanText(waid)}` : cleanText(String(property.getFirstValue()));
    });
    const fullName = component.getFirstPropertyValue('fn');
    return { name: name ?? (fullName ? cleanText(String(fullName)) : ''), phones };
  } catch {
    return { name: name ?? '', phones: [] };
  }
}

/** A contact card as WhatsApp's own phones write it. */
export function writeContactCard({ name, phones }: Person): string {
  const component = new ICAL.Component('vcard');
  component.addPropertyWithValue('version', '3.0');
  component.addPropertyWithValue('fn', name);
  component.addPropertyWithValue('n', name);
  for (const phone of phones) {
    const property = new ICAL.Property('tel', component);
    property.setParameter('type', 'CELL');
    property.setParameter('waid', phone.replaceAll(/\D/g, ''));
    property.setValue(phone);
    component.addProperty(property);
  }
  return component.toString();
}
