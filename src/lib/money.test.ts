import { expect, it } from 'vitest';
import { formatMoney } from './money.ts';

it.each([
  ['25.00', 'EUR', 'es-ES', '25,00 €'],
  ['25.0000', 'EUR', 'en-GB', '€25.00'],
  ['1234567.5', 'USD', 'en-GB', 'US$1,234,567.50'],
  ['1500', 'JPY', 'en-GB', 'JP¥1,500'],
  ['12345678901234567.89', 'EUR', 'en-GB', '€12,345,678,901,234,567.89'],
  ['25.5', undefined, 'es-ES', '25,5'],
  ['25.5', 'coins', 'en-GB', '25.5 coins'],
])('%s %s is written in %s as %s', (amount, currency, locale, written) => {
  expect(formatMoney(amount, currency, locale).replaceAll('\u00a0', ' ')).toBe(written);
});
