/**
 * An amount as people of that language write it: `25,00 €`. Exact, whatever its length.
 *
 * @param amount a decimal such as `25.00`
 * @param currency ISO code; the bare number where it is unknown
 */
export function formatMoney(amount: string, currency: string | undefined, locale: string): string {
  const decimal = amount as `${number}`;
  if (currency !== undefined && /^[A-Za-z]{3}$/.test(currency)) {
    return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(decimal);
  }
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }).format(decimal);
  return currency ? `${number} ${currency}` : number;
}
