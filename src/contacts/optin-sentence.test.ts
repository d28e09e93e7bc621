import { describe, expect, it } from 'vitest';
import { isOptInSentence, optInSentence } from './optin-sentence.ts';

describe('The sentence of the opt-in link', () => {
  it.each(['en', 'es', 'pt', 'fr'] as const)('is recognised in %s', (language) => {
    expect(isOptInSentence(optInSentence(language, 'Café Olé & Söhne'), 'Café Olé & Söhne')).toBe(true);
  });

  it.each([
    'i want offers of mug shop on whatsapp',
    ' I want offers of “Mug Shop” on WhatsApp! 🙂',
    'I want offers\nof Mug  Shop on WhatsApp.',
    'QUIERO RECIBIR OFERTAS DE MUG SHOP POR WHATSAPP',
  ])('is recognised as %j', (text) => {
    expect(isOptInSentence(text, 'Mug Shop')).toBe(true);
  });

  it.each([
    'I want offers of Tea Shop on WhatsApp',
    'I want offers of Mug Shop',
    'I don’t want offers of Mug Shop on WhatsApp',
    'I want offers of Mug Shop on WhatsApp? No!',
    'offers of Mug Shop on WhatsApp',
    'I want no offers of Mug Shop on WhatsApp',
    '',
  ])('is not recognised in %j', (text) => {
    expect(isOptInSentence(text, 'Mug Shop')).toBe(false);
  });
});
