import { accentedWords, plainWords } from './opt-out-normalise.ts';

/**
 * What a whole message says that is one keyword, and in which language. `unclear` is a word that can also be an ordinary answer, such
 * as "cancel" or "enough".
 */
export interface Keyword {
  readonly says: 'stop' | 'unclear' | 'resume';
  readonly language: string;
}

/** The keyword that the message is, apart from politeness, emoji and punctuation around it. */
export function keywordIn(text: string): Keyword | undefined {
  const plain = plainWords(text);
  if (plain.length > LONGEST_MESSAGE) {
    return undefined;
  }
  return keywords.get(bare(accentedWords(text))) ?? keywords.get(bare(plain)) ?? spelledOut(plain);
}

/** "S T O P" */
function spelledOut(words: readonly string[]): Keyword | undefined {
  return words.length > 3 && words.every((word) => word.length === 1) ? keywords.get(words.join('')) : undefined;
}

const LONGEST_MESSAGE = 16;

/** `~` marks what can also be an ordinary answer. From the words that telephone companies and messaging services must honour. */
const stopWords: Readonly<Record<string, string>> = {
  en: `stop, stopall, stop all, unsubscribe, unsubscribe me, unsub, unsub me, end~, quit, cancel~, remove~, remove me, opt out, optout,
    opt me out, revoke, no more messages, stop messaging me, do not contact me, leave me alone, enough~, no more~, go away~`,
  es: `baja, dar de baja, darme de baja, dame de baja, denme de baja, dadme de baja, parar, alto~, detener, cancelar~, cancela~, no mas~,
    ya no mas~, ya no~, no mas mensajes, eliminar~, salir, basta, ya basta, ya esta bien~, suficiente~, no molestar, no molesten,
    desuscribir, desuscribirme, desuscribirse`,
  pt: `sair, parar, pare, parem~, para~, cancelar~, cancela~, descadastrar, descadastre, remover~, chega~, ja chega~, basta~,
    nao quero mais~, nao enviar mais, cancelar inscricao, desinscrever, me descadastra`,
  fr: `stop, stop pub, arret, arreter, arretez, arrete~, desabonner, desabonnez moi, desabonnement, me desabonner, desinscrire,
    desinscription, desinscrivez moi, plus de messages, annuler~, annule~, assez~, ca suffit~, suffit~, resilier~`,
  de: `stopp, stop, abmelden, abmeldung, abbestellen, austragen, aufhoren~, aufhoeren~, hort auf~, keine nachrichten mehr, es reicht~,
    reicht~, genug~, schluss~, kundigen~, loschen~`,
  it: `stop, basta~, adesso basta~, ora basta~, cancella~, cancellami, disiscrivimi, disiscrivetemi, disiscrizione, rimuovimi, annulla~,
    disiscrivermi, smettetela~`,
  nl: `stop, stoppen, afmelden, uitschrijven, uitschrijving, geen berichten meer, genoeg~, hou op~, ophouden~, annuleren~, verwijderen~`,
  pl: 'stop, wypisz, wypisz mnie, rezygnuje~, koniec~, anuluj~',
  ro: 'stop, dezabonare, dezabonez, opreste',
  cs: 'stop, odhlasit, odhlasit se, zrusit~',
  hu: 'stop, leiratkozas, leiratkozom',
  sv: 'stopp, stop, avsluta, avregistrera',
  no: 'stopp, avslutt, avmeld',
  da: 'stop, afmeld, frameld',
  fi: 'lopeta, peruuta~',
  el: 'στοπ, σταματα, διαγραφη, διακοπη',
  tr: 'dur, ret, iptal~, abonelikten cik, istemiyorum~',
  ru: 'стоп, отписаться, отпишите, отписка, хватит~, не пишите, отмена~',
  uk: 'стоп, відписатися, відписка, досить~, скасувати~',
  ar: `إيقاف, توقف, توقفوا, قف, إلغاء~, إلغاء الاشتراك, لا ترسل, لا ترسلوا, كفى~, كفاية~, خلاص~, بس~, وقف~, وقفوا~, ilgha2~, kefaya~,
    khalas~`,
  he: 'הסר, הסרה, הסירו, הסר אותי, להסיר, עצור, עצרו, די~, תפסיקו, ביטול~',
  fa: 'لغو~, توقف, لغو عضویت, بس~',
  ur: 'بند, بند کرو, بند کریں',
  hi: 'बंद, बंद करो, बंद करें, रोकें, रोको, band karo',
  bn: 'বন্ধ, বন্ধ করুন, থামুন',
  id: 'berhenti, stop, hentikan, batal~, jangan kirim lagi',
  vi: 'dừng, ngừng, ngung, hủy~, huỷ~, từ chối, tu choi',
  th: 'หยุด, ยกเลิก~',
  zh: '停止, 退订, 退訂, 取消~, 不要再发, 不要再發',
  ja: '停止, 配信停止, やめて, 解除',
  ko: '중지, 수신거부, 그만, 거부, 취소~',
  sms: 'td',
};

const resumeWords: Readonly<Record<string, string>> = {
  en: 'start, unstop, subscribe, resume',
  es: 'alta, suscribir, suscribirme',
  pt: 'voltar, quero receber',
  fr: 'reprendre',
  de: 'anmelden',
  nl: 'aanmelden',
  tr: 'başla',
  ru: 'старт, подписаться',
  ar: 'ابدأ, اشتراك',
  he: 'הצטרף, הרשמה',
  zh: '订阅',
  ja: '再開',
};

/** Said around a keyword without changing it. Of several words each may stand alone. */
const POLITE_WORDS = `please pls plz plss plis pleas thx thanks thank you ty kindly hi hello hey ok okay sir madam dear just now guys bro
  por favor porfavor porfa porfis xfa xfavor x fa gracias muchas hola buenas bueno oigan
  pfv pfvr pf obrigado obrigada obg oi ola gentileza ai
  svp stp s'il vous te plait plaît merci bonjour
  bitte danke hallo pliz
  per favore favor cortesia grazie ciao prego
  aub alstublieft alsjeblieft ajb graag dank je u dankjewel bedankt
  من فضلك لو سمحت سمحتم سمحتوا رجاء شكرا
  пожалуйста спасибо prosze dziekuje prosim lutfen tolong takk tack`;

/** In Vietnamese the accents make the word: "dung" is "correct", "huy" a name. */
const ACCENTS_MATTER = new Set(['vi']);

const polite = new Set(POLITE_WORDS.split(/\s+/).flatMap((word) => [...accentedWords(word), ...plainWords(word)]));
const keywords = readTables();

/** The words without politeness at both ends and without repetition: "please, stop stop stop!!" is "stop". */
function bare(words: readonly string[]): string {
  const first = words.findIndex((word) => !polite.has(word));
  const last = words.findLastIndex((word) => !polite.has(word));
  const kept = words.slice(Math.max(first, 0), last + 1);
  return kept.filter((word, at) => word !== kept[at - 1]).join(' ');
}

/** A word that is clear in one language and unclear in another is unclear: nobody says which language they write. */
function readTables(): ReadonlyMap<string, Keyword> {
  const read = new Map<string, Keyword>();
  const add = (phrase: string, keyword: Keyword) => {
    const known = read.get(phrase);
    const says = keyword.says === 'unclear' ? 'unclear' : (known?.says ?? keyword.says);
    read.set(phrase, { language: known?.language ?? keyword.language, says });
  };
  for (const [language, phrases] of Object.entries(stopWords)) {
    for (const phrase of phrases.split(',')) {
      const says = phrase.endsWith('~') ? 'unclear' : 'stop';
      for (const spelling of spellings(phrase, language)) add(spelling, { says, language });
    }
  }
  for (const [language, phrases] of Object.entries(resumeWords)) {
    for (const spelling of phrases.split(',').flatMap((phrase) => spellings(phrase, language))) {
      add(spelling, { says: 'resume', language });
    }
  }
  return read;
}

function spellings(phrase: string, language: string): readonly string[] {
  const asWritten = accentedWords(phrase).join(' ');
  return ACCENTS_MATTER.has(language) ? [asWritten] : [asWritten, plainWords(phrase).join(' ')];
}
