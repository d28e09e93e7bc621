import type { CustomerTexts } from './en.ts';

// What the bot says to customers, in Spanish.

export const es: CustomerTexts = {
  optOut: {
    confirmed: (shop) =>
      `Hecho: ya no recibirás más ofertas de ${shop} por aquí. Si nos escribes, te seguimos respondiendo. ¿Cambias de idea? Envía ALTA.`,
    question: (shop) =>
      `Solo para estar seguros: ¿quieres que ${shop} deje de enviarte ofertas por aquí?\n1. Sí, no más ofertas\n2. No, quiero seguir recibiéndolas`,
    kept: 'De acuerdo, todo sigue igual.',
    restored: (shop) =>
      `¡Qué bien que vuelves! Recibirás otra vez las ofertas de ${shop}. Para dejar de recibirlas, envía BAJA cuando quieras.`,
  },
  optIn: {
    thanks: (shop) =>
      `¡Gracias! A partir de ahora ${shop} puede enviarte ofertas por aquí. Para dejar de recibirlas, envía BAJA cuando quieras.`,
  },
};
