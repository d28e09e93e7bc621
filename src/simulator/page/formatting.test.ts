import { describe, expect, it } from 'vitest';
import { isLong, isOnlyEmoji, plainText, readWords, type Word } from './formatting.ts';

describe('A message’s text', () => {
  it.each<[title: string, text: string, drawn: string]>([
    ['is as it was written', 'Hello, world', 'Hello, world'],
    ['is bold between stars', 'a *b c* d', 'a <b>b c</b> d'],
    ['is italic between underscores', '_a_.', '<i>a</i>.'],
    ['is struck between tildes', '(~a~)', '(<s>a</s>)'],
    ['may be all of it', '*_~a~_*', '<b><i><s>a</s></i></b>'],
    ['is bold twice', '*a* and *b*', '<b>a</b> and <b>b</b>'],
    ['keeps stars within words', '2*3*4', '2*3*4'],
    ['keeps stars around spaces', '2 * 3 * 4', '2 * 3 * 4'],
    ['keeps a star that nothing closes', '*a', '*a'],
    ['keeps a star that ends a word', 'a*b* c', 'a*b* c'],
    ['keeps a star that begins one', '*a*b', '*a*b'],
    ['keeps a star before a space', '* a* b', '* a* b'],
    ['keeps a star after a space', '*a * b', '*a * b'],
    ['is bold within a line only', '*a\nb*', '*a\nb*'],
    ['keeps names with underscores', 'snake_case_name', 'snake_case_name'],
    ['knows letters of all languages', 'ñ*a*ñ', 'ñ*a*ñ'],
    ['is code between backticks, where signs mean nothing', '`*a*`', '<code>*a*</code>'],
    ['is a block of code over lines', '```a\n*b*```', '<code>a\n*b*</code>'],
    ['links an address', 'see https://a.example/b_c_d now', 'see <https://a.example/b_c_d> now'],
    ['leaves the end of the sentence out of a link', '(https://a.example/b).', '(<https://a.example/b>).'],
    ['links in bold', '*https://a.example*', '<b><https://a.example></b>'],
    ['links an address without a scheme', 'www.a.example!', '<https://www.a.example>!'],
    ['links a mail address', 'to a.b@c.example.', 'to <mailto:a.b@c.example>.'],
    ['links no end of a word', 'awww.b.example', 'awww.b.example'],
    ['links nothing that runs code', 'javascript:alert(1)', 'javascript:alert(1)'],
  ])('%s', (_title, text, drawn) => {
    expect(draw(readWords(text))).toBe(drawn);
  });

  it('is one plain line where there is room for one', () => {
    expect(plainText('*Hello*\n\n_world_ `now` www.a.example')).toBe('Hello world now www.a.example');
  });

  it('is folded when it is more than a screen full', () => {
    expect(['a'.repeat(700), 'a\n'.repeat(19)].map(isLong)).toEqual([false, false]);
    expect(['a'.repeat(701), 'a\n'.repeat(20)].map(isLong)).toEqual([true, true]);
  });

  it.each<[text: string, isLarge: boolean]>([
    ['👍', true],
    ['👍🏽🎉', true],
    ['👨‍👩‍👧 🇪🇸', false],
    ['❤️', true],
    ['👍👍👍👍', false],
    ['👍 ok', false],
    ['3', false],
    ['', false],
  ])('“%s” is drawn large: %s', (text, isLarge) => {
    expect(isOnlyEmoji(text)).toBe(isLarge);
  });
});

function draw(words: readonly Word[]): string {
  const tags = { bold: 'b', italic: 'i', struck: 's' } as const;
  return words
    .map((word) => {
      switch (word.kind) {
        case 'text':
          return word.text;
        case 'code':
          return `<code>${word.text}</code>`;
        case 'link':
          return `<${word.href}>`;
        default:
          return `<${tags[word.kind]}>${draw(word.words)}</${tags[word.kind]}>`;
      }
    })
    .join('');
}
