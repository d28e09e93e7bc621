import type { CustomerTexts } from './en.ts';

// What the bot says to customers, in Portuguese.

export const pt: CustomerTexts = {
  optOut: {
    confirmed: (shop) =>
      `Pronto: você não vai mais receber ofertas da ${shop} por aqui. Se escrever para nós, continuamos respondendo. Mudou de ideia? Envie VOLTAR.`,
    question: (shop) =>
      `Só para ter certeza: quer que a ${shop} pare de enviar ofertas por aqui?\n1. Sim, chega de ofertas\n2. Não, quero continuar recebendo`,
    kept: 'Tudo bem, nada muda.',
    restored: (shop) =>
      `Que bom ter você de volta! Você vai receber de novo as ofertas da ${shop}. Para não receber mais, envie SAIR quando quiser.`,
  },
  optIn: {
    thanks: (shop) =>
      `Obrigado! A partir de agora a ${shop} pode enviar ofertas por aqui. Para não receber mais, envie SAIR quando quiser.`,
  },
};
