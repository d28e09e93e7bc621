/** What somebody sends who opens the shop's opt-in link: the same words that the link carries. */
const sentences = {
  en: (shop: string) => `I want offers of ${shop} on WhatsApp`,
  es: (shop: string) => `Quiero recibir ofertas de ${shop} por WhatsApp`,
  pt: (shop: string) => `Quero receber ofertas de ${shop} pelo WhatsApp`,
  fr: (shop: string) => `Je veux recevoir les offres de ${shop} sur WhatsApp`,
} as const;

export function optInSentence(language: keyof typeof sentences, shopName: string): string {
  return sentences[language](shopName);
}

/**
 * Whether a message is that sentence, in any of its languages: an act by which a person says yes to offers, so nothing that is only
 * like it counts. Capitals, accents, punctuation and spaces make no difference, for phones change those by themselves; nor does a
 * polite word behind it.
 */
export function isOptInSentence(text: string, shopName: string): boolean {
  const said = bare(text);
  return Object.values(sentences).some((sentence) => {
    const yes = bare(sentence(shopName));
    return said === yes || (said.startsWith(`${yes} `) && polite.has(said.slice(yes.length + 1)));
  });
}

/** What people add to words that were put into their mouths. */
const polite: ReadonlySet<string> = new Set([
  'please',
  'thanks',
  'thank you',
  'por favor',
  'gracias',
  'muchas gracias',
  'obrigado',
  'obrigada',
  's il vous plait',
  'svp',
  'merci',
]);

/** Letters and digits, with one space between words. */
function bare(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
