/** The sum of amounts that are written as decimals, exactly, with as many decimals as the longest has. */
export function addMoney(amounts: readonly string[]): string {
  const decimals = Math.max(0, ...amounts.map((amount) => amount.split('.')[1]?.length ?? 0));
  const units = amounts.reduce((sum, amount) => sum + inUnits(amount, decimals), 0n);
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const rest = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
  return `${units < 0n ? '-' : ''}${whole}${rest}`;
}

function inUnits(amount: string, decimals: number): bigint {
  const [whole = '0', rest = ''] = amount.split('.');
  return BigInt(`${whole}${rest.padEnd(decimals, '0')}`);
}

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
