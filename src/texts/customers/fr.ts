import type { CustomerTexts } from './en.ts';

// What the bot says to customers, in French.

export const fr: CustomerTexts = {
  optOut: {
    confirmed: (shop) =>
      `C’est fait : vous ne recevrez plus d’offres de ${shop} ici. Si vous nous écrivez, nous répondons toujours. Vous changez d’avis ? Envoyez REPRENDRE.`,
    question: (shop) =>
      `Juste pour être sûrs : ${shop} doit-il cesser de vous envoyer des offres ici ?\n1. Oui, plus d’offres\n2. Non, continuez`,
    kept: 'Très bien, rien ne change.',
    restored: (shop) =>
      `Ravis de vous retrouver ! Vous recevrez à nouveau les offres de ${shop}. Pour ne plus les recevoir, envoyez STOP à tout moment.`,
  },
  optIn: {
    thanks: (shop) =>
      `Merci ! Désormais, ${shop} peut vous envoyer des offres ici. Pour ne plus les recevoir, envoyez STOP à tout moment.`,
  },
};
