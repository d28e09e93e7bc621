import { writeAmount } from './records.ts';

/** An instant as Shopify writes it, in the shop's own time: `2026-11-10T10:22:38-05:00`. */
export function zoned(instant: Date, timeZone: string): string {
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(instant);
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(instant);
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.slice('GMT'.length);
  return `${local.replace(' ', 'T')}${offset || '+00:00'}`;
}

/** How Shopify writes money: as text in the shop's currency, and beside it as a set that has the buyer's as well. */
export function moneyWriter(currency: string) {
  const text = (units: number) => writeAmount(units, currency);
  const set = (units: number) => {
    const money = { amount: text(units), currency_code: currency };
    return { shop_money: money, presentment_money: money };
  };
  return { text, set };
}
