import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSets, type SentenceSet } from '../../scripts/evaluate/opt-out-sentences.ts';
import { figuresOf, matrixOf } from '../../scripts/evaluate/opt-outs.ts';
import { type Before, type OptOutReading, readOptOut } from './opt-out.ts';

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

  it.each(['dung', 'huy', 'Dũng', 'door stop', 'STOP sign', 'start over with my order', '', '👍', '1'])(
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
    ['you guys need to stop'],
    ['dont send any more'],
    ['Baja por favor, ya compro en otra tienda'],
    ['how do I unsubscribe?'],
    ['no manden mas'],
    ['cómo me doy de baja?'],
    ['não mandem mais'],
    ['como saio da lista?'],
    ["n'envoyez plus"],
    ['comment me désabonner ?'],
  ])('that can mean something else is an opt-out after an offer and doubtful otherwise: %s', (text) => {
    expect(readOptOut(text, 'offer').kind).toBe('opt-out');
    expect(readOptOut(text, 'service').kind).toBe('doubtful');
    expect(readOptOut(text, 'nothing').kind).toBe('doubtful');
  });

  it('is clear when the message gives the reason: a wrong number, a death', () => {
    expect(readOptOut('you need to stop', 'nothing').kind).toBe('doubtful');
    expect(readOptOut('wrong number, you need to stop', 'nothing').kind).toBe('opt-out');
  });

  it('is only doubtful when somebody laughs about an offer that is too good', () => {
    expect(readOptOut('stop it!! 😍', 'offer').kind).toBe('doubtful');
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
    ['words of another language', 'why did you stop promo messages', 'service'],
    ['another channel', "don't call me, just message me here", 'service'],
    ['another hour', "please don't text me before 9", 'service'],
    ['another hour', 'no me escriban ahora, estoy trabajando', 'service'],
    ['somebody who wants the newsletter', 'it says unsubscribed, how do I get the newsletter?', 'nothing'],
    ['a name', 'Hacen envíos a Baja California?', 'nothing'],
  ])('is not seen in %s: %s', (_, text, before) => {
    expect(readOptOut(text, before)).toEqual({ kind: 'none' });
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
  const names = [...new Set(sets.map(({ name }) => name))];
  const large = sets.filter(({ language }) => ['en', 'es', 'pt', 'fr'].includes(language));
  const totals = names.map((name) => [`all languages, ${name}`, sets.filter((set) => set.name === name)] as const);
  const known = large.filter(({ name }) => name !== 'unseen');
  const single = known.map((set) => [`${set.language}, ${set.name}`, [set]] as const);

  it.each<readonly [title: string, sets: readonly SentenceSet[]]>([...totals, ...single])(
    'opt-outs are found, others left alone: %s',
    (_, chosen) => {
      const { recall, hardNegatives, ordinary } = figuresOf(matrixOf(chosen));
      // What was kept back while the rules were written tells the truth: half of those wordings are not known yet.
      const least =
        chosen[0]?.name === 'unseen' ? { recall: 0.49, hardNegatives: 0.97 } : { recall: 0.95, hardNegatives: 0.98 };
      expect(recall).toBeGreaterThanOrEqual(least.recall);
      expect(hardNegatives).toBeGreaterThanOrEqual(least.hardNegatives);
      expect(ordinary).toBe(1);
    },
  );
});
