import { expect, it } from 'vitest';
import { messageLines, quote, ticksLine } from './chat-lines.ts';
import { makePaint } from './paint.ts';

const plain = makePaint(false, []);
const time = new Date(2026, 10, 22, 9, 5, 7);
const message = { time, ticks: 'delivered', from: 'Olga', to: 'Mug Shop', by: undefined, text: 'help' } as const;

it('shows a short message in one line', () => {
  expect(messageLines(message, plain, 80)).toBe('09:05:07 ✓✓ Olga → Mug Shop: help');
});

it('shows several lines indented under the names, and says when the bot wrote them', () => {
  const answer = {
    ...message,
    ticks: 'sent',
    from: 'Mug Shop',
    to: 'Olga',
    by: 'bot',
    text: '*Mug Shop*\n✅ linked',
  } as const;

  expect(messageLines(answer, plain, 80)).toBe(
    '09:05:07 ✓  Mug Shop (bot) → Olga:\n            *Mug Shop*\n            ✅ linked',
  );
});

it('breaks a long line between words, so that it stays under the names', () => {
  const text = `${'twelve chars'} ${'and a good many words more that need a second line'}`;

  expect(
    messageLines({ ...message, text }, plain, 60)
      .split('\n')
      .slice(1),
  ).toEqual(['            twelve chars and a good many words more that', '            need a second line']);
});

it('tells of changed ticks by the beginning of the message, or by how many they are', () => {
  const change = { time, ticks: 'read', by: 'Olga', texts: ['One\nline'] } as const;

  expect(ticksLine(change, plain)).toBe('09:05:07 ✓✓ read by Olga: “One line”');
  expect(ticksLine({ ...change, ticks: 'delivered', texts: ['One', 'Two'] }, plain)).toBe(
    '09:05:07 ✓✓ delivered to Olga: 2 messages',
  );
  expect(quote('x'.repeat(100))).toHaveLength(42);
});

it('shows WhatsApp’s bold as bold where there are colours, and leaves other stars alone', () => {
  const colourful = makePaint(true, ['Olga']);

  expect(colourful.marked('*Mug Shop*: send *help*, 2 * 3 * 4')).toBe(
    '\u001b[1mMug Shop\u001b[22m: send \u001b[1mhelp\u001b[22m, 2 * 3 * 4',
  );
  expect(plain.marked('*help*')).toBe('*help*');
});
