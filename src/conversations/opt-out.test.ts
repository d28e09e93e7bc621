import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEPT_BACK, readSets, type SentenceSet } from '../../scripts/evaluate/opt-out-sentences.ts';
import { figuresOf, matrixOf } from '../../scripts/evaluate/opt-outs.ts';
import { learnOptOuts, lessonsOf } from '../../scripts/train/opt-outs.ts';
import { type Before, mayConcernOffers, type OptOutReading, readOptOut } from './opt-out.ts';
import { storedModel } from './opt-out-weights.ts';

describe('A whole message that is one keyword', () => {
  it.each([
    ['STOP', 'en'],
    ['Unsubscribe!', 'en'],
    ['opt-out', 'en'],
    ['S T O P', 'en'],
    ['BAJA', 'es'],
    ['Darme de baja', 'es'],
    ['SAIR', 'pt'],
    ['Arrêt', 'fr'],
    ['desabonner', 'fr'],
    ['abbestellen', 'de'],
    ['Cancellami', 'it'],
    ['uitschrijven', 'nl'],
    ['Wypisz mnie', 'pl'],
    ['dezabonare', 'ro'],
    ['Odhlásit', 'cs'],
    ['leiratkozás', 'hu'],
    ['avsluta', 'sv'],
    ['avmeld', 'no'],
    ['frameld', 'da'],
    ['Lopeta', 'fi'],
    ['ΣΤΟΠ', 'el'],
    ['abonelikten çık', 'tr'],
    ['Отписаться', 'ru'],
    ['відписатися', 'uk'],
    ['إيقاف', 'ar'],
    ['ايقاف', 'ar'],
    ['إِيقَاف', 'ar'],
    ['הסר', 'he'],
    ['لغو عضویت', 'fa'],
    ['بند کرو', 'ur'],
    ['बंद करो', 'hi'],
    ['বন্ধ করুন', 'bn'],
    ['berhenti', 'id'],
    ['Dừng', 'vi'],
    ['หยุด', 'th'],
    ['退订', 'zh'],
    ['配信停止', 'ja'],
    ['수신거부', 'ko'],
    ['TD', 'sms'],
  ])('is an opt-out whatever came before: %s', (text, language) => {
    for (const before of ['offer', 'service', 'nothing'] as const) {
      expect(readOptOut(text, before)).toEqual({ kind: 'opt-out', by: 'keyword', language });
    }
  });

  it.each([
    'cancel',
    'end',
    'No more',
    'Alto',
    'no más',
    'chega',
    'annuler',
    'anuluj',
    'iptal',
    'хватит',
    'إلغاء',
    'די',
    '取消',
    'hủy',
  ])('is an opt-out after an offer and doubtful otherwise when it can be an ordinary answer: %s', (text) => {
    expect(readOptOut(text, 'offer')).toMatchObject({ kind: 'opt-out', by: 'keyword' });
    expect(readOptOut(text, 'service').kind).toBe('doubtful');
    expect(readOptOut(text, 'nothing').kind).toBe('doubtful');
  });

  it.each([
    'START',
    'unstop',
    'Alta',
    'quero receber',
    'reprendre',
    'anmelden',
    'başla',
    'старт',
    'ابدأ',
    '再開',
    'start please 🙏',
  ])('brings the offers back: %s', (text) => {
    expect(readOptOut(text, 'nothing')).toEqual({ kind: 'resume' });
  });

  it.each(['dung', 'huy', 'Dũng', 'STOP sign', 'start over with my order', '', '👍', '1'])(
    'is none when it only looks like one: %s',
    (text) => {
      expect(readOptOut(text, 'offer').kind).toBe('none');
    },
  );

  it('stays the same with emoji, punctuation, capitals and politeness around it', () => {
    const around = fc.constantFrom(
      '',
      '🙏',
      '!!',
      '...',
      ' 🛑🛑 ',
      '"',
      ' \n',
      ' please ',
      ' por favor ',
      ' svp, ',
      ' bitte! ',
      ' لو سمحت ',
    );
    const keyword = fc.constantFrom(
      'stop',
      'unsubscribe',
      'baja',
      'sair',
      'arret',
      'cancel',
      'basta',
      'стоп',
      'ايقاف',
      'start',
    );
    fc.assert(
      fc.property(around, around, keyword, fc.boolean(), (front, behind, word, loud) => {
        const text = `${front} ${loud ? word.toUpperCase() : word} ${behind}`;
        expect(readOptOut(text, 'service')).toEqual(readOptOut(word, 'service'));
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });
});

describe('A request in free wording', () => {
  it.each<[sentence: string, text: string, language: string]>([
    ['to write no more', 'please dont ever text me again ok?', 'en'],
    ['to write no more', 'Ya no me escriban xfa', 'es'],
    ['to write no more', 'n me chama mais pfv', 'pt'],
    ['to write no more', 'Merci de ne plus me contacter', 'fr'],
    ['to write no more', 'Bitte schreiben Sie mir nicht mehr', 'de'],
    ['to write no more', 'non scrivetemi più', 'it'],
    ['to write no more', 'app me niet meer', 'nl'],
    ['to write no more', 'لا تراسلوني', 'ar'],
    ['to send no more', 'quit sending me offers', 'en'],
    ['to send no more', 'dejen de mandarme promociones', 'es'],
    ['to send no more', 'parem de me mandar cupom', 'pt'],
    ['to send no more', "arrêtez de m'envoyer vos pubs", 'fr'],
    ['to be taken off the list', 'take me off your list', 'en'],
    ['to be taken off the list', 'sáquenme de su lista', 'es'],
    ['to be taken off the list', 'me saca da lista, digo, me tira da lista', 'pt'],
    ['to be taken off the list', 'retirez-moi de votre liste', 'fr'],
    ['to forget a number', 'lose my number', 'en'],
    ['to be left alone', 'leave me alone you people', 'en'],
    ['to be left alone', 'déjenme en paz', 'es'],
    ['to be left alone', 'me deixa em paz', 'pt'],
    ['to be left alone', 'laissez moi tranquille', 'fr'],
    ['with a withdrawn consent', 'I withdraw my consent to marketing', 'en'],
    ['with slips of the finger', 'plz unsubcribe me from ur mesages', 'en'],
    ['as one sentence among others', 'Thanks, the blue one is fine. And no more coupons please.', 'en'],
    [
      'behind a greeting and a story',
      'hola, compré una taza y todo bien, pero por favor no me manden más publicidad',
      'es',
    ],
  ])('%s is an opt-out whatever came before: %s %s', (_, text, language) => {
    for (const before of ['offer', 'service', 'nothing'] as const) {
      expect(readOptOut(text, before)).toEqual({ kind: 'opt-out', by: 'wording', language });
    }
  });

  it.each<[text: string]>([
    ['stop this now'],
    ['can you stop now'],
    ["n'envoyez plus"],
    ['arrêtez maintenant'],
    ['please no more'],
    ['stoppt das'],
    ['hou op'],
    ['já chega'],
  ])('that names nothing is an opt-out after an offer and none for certain in a service dialogue: %s', (text) => {
    expect(readOptOut(text, 'offer').kind).toBe('opt-out');
    expect(readOptOut(text, 'service').kind).not.toBe('opt-out');
  });

  it.each<[sentence: string, text: string, before: Before]>([
    ['an order to cancel', 'Please cancel my order', 'offer'],
    ['a delivery to stop', 'paren el envío, estoy de viaje', 'service'],
    ['a product not to send', 'não me mandem o vermelho, quero o preto', 'service'],
    ['a bill', 'no me manden más cobros duplicados', 'service'],
    ['another service', 'Je voudrais me désabonner de mon forfait mobile', 'nothing'],
    ['pain that should stop', 'Does this gel stop the pain?', 'nothing'],
    ['a double negation', "please don't stop sending me offers", 'offer'],
    ['a double negation', 'hört bloß nicht auf mit den Angeboten', 'offer'],
    ['a question why', 'why did you stop texting me?', 'service'],
    ['what somebody else said', 'my wife said stop texting me from work', 'service'],
    ['what is quoted', 'The mug with "leave me alone" on it, is it in stock?', 'nothing'],
    ['one offer refused', 'not this time, thanks', 'offer'],
    ['one coupon refused', 'no quiero ese cupón, tienen otro?', 'offer'],
    ['another number', "Please don't text my wife's number, write to me here", 'service'],
    ['another channel', 'no me llamen, escríbanme por aquí', 'service'],
    ['laughter about an offer too good', 'omg stop, so pretty 😍', 'offer'],
    ['missing messages', 'why did you stop promo messages', 'service'],
    ['another channel', "don't call me, just message me here", 'service'],
    ['another hour', "please don't text me before 9", 'service'],
    ['another hour', 'no me escriban ahora, estoy trabajando', 'service'],
    ['somebody who wants the newsletter', 'it says unsubscribed, how do I get the newsletter?', 'nothing'],
    ['a name', 'Hacen envíos a Baja California?', 'nothing'],
    ['a thing to buy', 'door stop', 'offer'],
  ])('is never found in %s: %s', (_, text, before) => {
    expect(readOptOut(text, before).kind).not.toBe('opt-out');
  });

  it('is no question to anybody who cancels an order', () => {
    for (const text of ['Please cancel my order', 'cancelen mi pedido', 'cancela meu pedido', 'annulez ma commande']) {
      expect(readOptOut(text, 'service')).toEqual({ kind: 'none' });
    }
  });
});

describe('Any text', () => {
  it('is read without fail', () => {
    const pieces = fc.constantFrom(
      'stop',
      "don't",
      'me',
      '?',
      '...',
      "m'",
      '“',
      '\n',
      'no',
      'de',
      'الغاء',
      '🛑',
      'ﷺ',
      '\ud83d',
      "'''",
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(' ')),
    );
    const before = fc.constantFrom<Before>('offer', 'service', 'nothing');
    const kinds: readonly OptOutReading['kind'][] = ['opt-out', 'doubtful', 'resume', 'none'];
    fc.assert(
      fc.property(text, before, (said, last) => {
        expect(kinds).toContain(readOptOut(said, last).kind);
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });

  it.each([
    ['stop '.repeat(14_000)],
    ["don't ".repeat(11_600)],
    ['"'.repeat(70_000)],
    ["'".repeat(70_000)],
    ['?'.repeat(70_000)],
    ['no me manden '.repeat(5_400)],
    ['ne plus '.repeat(8_700)],
    ['a'.repeat(70_000)],
    ['ﷺ'.repeat(70_000)],
    ['الرسائل لا '.repeat(6_300)],
  ])('of 70,000 characters comes to an end, whatever it repeats', (text) => {
    expect(readOptOut(text, 'offer')).toHaveProperty('kind');
  });

  it('of 70,000 characters is read at both ends', () => {
    const story = 'and then the mug was blue. '.repeat(2500);
    expect(readOptOut(`Stop texting me. ${story}`, 'service').kind).toBe('opt-out');
    expect(readOptOut(`${story} Stop texting me.`, 'service').kind).toBe('opt-out');
  });
});

describe('Of the sentences with a known reading', () => {
  const sets = readSets();
  const large = sets.filter(({ language }) => ['en', 'es', 'pt', 'fr'].includes(language));
  const published = (set: SentenceSet) => set.name === 'seen' || set.name === KEPT_BACK;
  const keptBack = (set: SentenceSet) => set.name === KEPT_BACK;

  it('at least 150 are published in each large language, a third of them kept back', () => {
    for (const language of ['en', 'es', 'pt', 'fr']) {
      const count = (chosen: (set: SentenceSet) => boolean) =>
        large.filter((set) => set.language === language && chosen(set)).flatMap(({ sentences }) => sentences).length;
      expect(count(published)).toBeGreaterThanOrEqual(150);
      expect(count(keptBack)).toBeGreaterThanOrEqual(Math.floor(count(published) / 3));
    }
  });

  it.each<readonly [title: string, sets: readonly SentenceSet[]]>([
    ['en, es, pt and fr', large.filter(published)],
    ['all languages', sets.filter(published)],
  ])('opt-outs are found and others left alone, of those published: %s', (_, chosen) => {
    const { recall, hardNegatives, ordinary } = figuresOf(matrixOf(chosen));
    expect(recall).toBeGreaterThanOrEqual(0.95);
    expect(hardNegatives).toBeGreaterThanOrEqual(0.98);
    expect(ordinary).toBeGreaterThanOrEqual(0.99);
  });

  it.each<readonly [title: string, sets: readonly SentenceSet[], least: number]>([
    ['en, es, pt and fr', large.filter(keptBack), 0.86],
    ['all languages', sets.filter(keptBack), 0.85],
  ])('opt-outs are found and others left alone, of those that nothing was learned from: %s', (_, chosen, least) => {
    const { recall, hardNegatives, ordinary } = figuresOf(matrixOf(chosen));
    expect(recall).toBeGreaterThanOrEqual(least);
    expect(hardNegatives).toBeGreaterThanOrEqual(0.95);
    expect(ordinary).toBeGreaterThanOrEqual(0.98);
  });

  it('the model is the one that they give: after a change of sentences or features, train again', () => {
    expect(storedModel.optOut).toEqual(learnOptOuts(lessonsOf(sets)));
  });
});

it('is asked what came before for every sentence that could be more than none', () => {
  const befores: readonly Before[] = ['offer', 'service', 'nothing'];
  const sentences = readSets().flatMap((set) => set.sentences);
  const overlooked = sentences.filter(
    ({ text }) => !mayConcernOffers(text) && befores.some((before) => readOptOut(text, before).kind !== 'none'),
  );

  expect(overlooked.length).toBe(0);
  expect(mayConcernOffers('Do you have the blue mug?')).toBe(false);
});
