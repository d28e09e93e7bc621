// What the bot says to customers, in English. The other languages have the same shape.

export const en = {
  optOut: {
    confirmed: (shop: string) =>
      `Done: you will get no more offers from ${shop} here. If you write to us, we still answer. Changed your mind? Send START.`,
    question: (shop: string) =>
      `Just to be sure: should ${shop} stop sending you offers here?\n1. Yes, no more offers\n2. No, keep them coming`,
    kept: 'All right, nothing changes.',
    restored: (shop: string) =>
      `Welcome back! You will get offers from ${shop} again. To end them at any time, send STOP.`,
  },
  optIn: {
    thanks: (shop: string) =>
      `Thank you! From now on ${shop} may send you offers here. To end them at any time, send STOP.`,
  },
};

/** Every sentence in every language of customers. */
export type CustomerTexts = typeof en;
