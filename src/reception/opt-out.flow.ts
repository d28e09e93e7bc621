import { type ConsentRecord, consentFrom } from '../contacts/consent.ts';
import { readConsentRecords, recordConsent } from '../contacts/consents.store.ts';
import { isOptInSentence } from '../contacts/optin-sentence.ts';
import { readStanding } from '../contacts/standing.store.ts';
import { whatCameBefore } from '../conversations/context.store.ts';
import { languageOf, mayConcernOffers, readOptOut } from '../conversations/opt-out.ts';
import { readOptOutAnswer } from '../conversations/opt-out-answer.ts';
import {
  closeOptOutQuestion,
  keepOptOutQuestion,
  readOptOutQuestion,
  whoWasAsked,
} from '../conversations/opt-out-questions.store.ts';
import type { Database } from '../database/database.ts';
import { later, seconds } from '../lib/time.ts';
import { queueMessage } from '../outbox/outbox.store.ts';
import type { OutgoingContent } from '../outbox/outgoing-content.ts';
import type { Transport } from '../outbox/transport.ts';
import type { Settings } from '../settings/registry.ts';
import { readSettings } from '../settings/settings.store.ts';
import { emitEvent } from '../shop/outbound-events.store.ts';
import { type CustomerLanguage, customerLanguage, customerTextsIn } from '../texts/customer-texts.ts';
import { effectOf, type OptOutEffect, type OptOutFacts } from './opt-out-effect.ts';

/** Words of a customer. */
export interface CustomerWords {
  readonly contactId: number;
  readonly whatsappId: string;
  readonly text: string;
  readonly sentAt: Date;
  /** Whether the message still waits for an answer: of an old one, or of the phone's history, only the meaning counts. */
  readonly isFresh: boolean;
}

/**
 * Hears from customers what they want and do not want to get: withdrawals, and their taking back, in any wording; the answer to our
 * question about it; the shop's own sign-up sentence. What follows is in the transaction given.
 */
export type HearWishes = (transaction: Database, said: readonly CustomerWords[], now: Date) => Promise<void>;

export function makeHearWishes({ transport }: { readonly transport: Pick<Transport, 'chooseMessageId'> }): HearWishes {
  return async (transaction, said, now) => {
    if (said.length === 0) {
      return;
    }
    const settings = await readSettings(transaction);
    const asked = new Set(await whoWasAsked(transaction, [...new Set(said.map(({ contactId }) => contactId))]));
    for (const words of said) {
      const isAsked = asked.has(words.contactId);
      const signsUp = isOptInSentence(words.text, settings['shop.name']);
      // Nearly every message is about something else: nothing is read for those.
      if (isAsked || signsUp || mayConcernOffers(words.text)) {
        const { question } = await hear(transaction, words, { isAsked, signsUp, settings, transport }, now);
        note(asked, words.contactId, question);
      }
    }
  };
}

function note(asked: Set<number>, contactId: number, question: OptOutEffect['question']): void {
  if (question === 'asked') {
    asked.add(contactId);
  } else if (question === 'answered') {
    asked.delete(contactId);
  }
}

interface Hearing {
  readonly isAsked: boolean;
  readonly signsUp: boolean;
  readonly settings: Settings;
  readonly transport: Pick<Transport, 'chooseMessageId'>;
}

async function hear(
  transaction: Database,
  words: CustomerWords,
  { isAsked, signsUp, settings, transport }: Hearing,
  now: Date,
): Promise<OptOutEffect> {
  const { contactId, text, sentAt, isFresh } = words;
  const reading = readOptOut(text, await whatCameBefore(transaction, contactId, sentAt));
  const records = await readConsentRecords(transaction, contactId);
  const { state, because } = consentFrom(records);
  const { isPrivate, speaker, locale, phone } = await readStanding(transaction, contactId);
  const facts: OptOutFacts = {
    reading,
    signsUp,
    answer: isAsked ? (readOptOutAnswer(text) ?? 'none') : 'not-asked',
    lastAskedAt: (await readOptOutQuestion(transaction, contactId))?.askedAt,
    hasWithdrawn: state === 'withdrawn',
    hasGranted: state === 'granted',
    mayAnswer: isFresh && !isPrivate && speaker === 'bot',
  };
  const effect = effectOf(facts, now);
  const language = languageFor(text, because, locale, settings);
  const at = afterThoseOfTheSameSecond(sentAt, records);
  await carryOut(transaction, { ...words, sentAt: at }, effect, { language, settings, transport, phone }, now);
  return effect;
}

/** WhatsApp tells whole seconds: of two wishes in one second the one that came later is the later one. */
function afterThoseOfTheSameSecond(sentAt: Date, records: readonly ConsentRecord[]): Date {
  const same = records.filter(({ source, at }) => source === 'chat' && at >= sentAt && at < later(sentAt, seconds(1)));
  return same.reduce((latest, { at }) => (at >= latest ? later(at, 1) : latest), sentAt);
}

/** The customer's own words first, those of now before those of last time; then what a shop knows, then the shop's own language. */
function languageFor(text: string, because: ConsentRecord | undefined, locale: string | undefined, settings: Settings) {
  const before = because?.source === 'chat' && because.wording ? languageOf(because.wording) : undefined;
  return customerLanguage(languageOf(text), before, locale, settings['shop.language']);
}

interface Manner extends Pick<Hearing, 'settings' | 'transport'> {
  readonly language: CustomerLanguage;
  readonly phone: string | undefined;
}

async function carryOut(
  transaction: Database,
  { contactId, whatsappId, text, sentAt }: CustomerWords,
  { record, say, question }: OptOutEffect,
  { language, settings, transport, phone }: Manner,
  now: Date,
): Promise<void> {
  if (record) {
    const saying = { contactId, key: `chat:${contactId}:${whatsappId}`, state: record, act: true, said: 'chat' };
    const isNew = await recordConsent(transaction, { ...saying, wording: text, proof: whatsappId, at: sentAt }, now);
    if (isNew && record === 'withdrawn') {
      await emitEvent(transaction, optedOut(contactId, whatsappId, phone, sentAt), now);
    }
  }
  if (question === 'answered') {
    await closeOptOutQuestion(transaction, contactId, now);
  }
  if (say) {
    const answer = transport.chooseMessageId();
    const content = contentOf(say, language, settings['shop.name']);
    const message = {
      key: `wish:${contactId}:${whatsappId}`,
      contactId,
      kind: 'reply',
      content,
      whatsappId: answer,
    } as const;
    await queueMessage(transaction, message, now);
    if (question === 'asked') {
      await keepOptOutQuestion(transaction, { contactId, about: whatsappId, question: answer, language, askedAt: now });
    }
  }
}

function optedOut(contactId: number, whatsappId: string, phone: string | undefined, at: Date) {
  return {
    id: `evt_opted_out_${contactId}_${whatsappId}`,
    type: 'contact.opted_out',
    contactId,
    data: { phone: phone ?? null, at: at.toISOString() },
  } as const;
}

function contentOf(say: NonNullable<OptOutEffect['say']>, language: CustomerLanguage, shop: string): OutgoingContent {
  const { optOut, optIn } = customerTextsIn(language);
  switch (say) {
    case 'confirmed':
      return { kind: 'text', text: optOut.confirmed(shop) };
    case 'restored':
      return { kind: 'text', text: optOut.restored(shop) };
    case 'kept':
      return { kind: 'text', text: optOut.kept };
    case 'thanks':
      return { kind: 'text', text: optIn.thanks(shop) };
    case 'question':
      return { kind: 'text', text: optOut.question(shop) };
  }
}
