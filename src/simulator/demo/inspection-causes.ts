/** Why a message is in the outbox, as its key names it (`queueMessage` and `noticeOwners` make the keys). */
export type Cause =
  | { readonly kind: 'answer'; readonly whatsappId: string }
  | { readonly kind: 'gap'; readonly from: Date }
  | { readonly kind: 'phone-silent'; readonly seenAt: Date; readonly day: number }
  | { readonly kind: 'other' };

export function causeOf(key: string): Cause {
  const [, whatsappId] = /^answer:\d+:(.+)$/.exec(key) ?? [];
  if (whatsappId) {
    return { kind: 'answer', whatsappId };
  }
  const [, from] = /^notice:gap:(.+):\d+$/.exec(key) ?? [];
  if (from) {
    return { kind: 'gap', from: new Date(from) };
  }
  const [, seenAt, day] = /^notice:phone-silent:(.+):(\d+):\d+$/.exec(key) ?? [];
  return seenAt ? { kind: 'phone-silent', seenAt: new Date(seenAt), day: Number(day) } : { kind: 'other' };
}

/** The WhatsApp id of the message that an outgoing one answers. */
export function answeredBy(key: string): string | undefined {
  const cause = causeOf(key);
  return cause.kind === 'answer' ? cause.whatsappId : undefined;
}
