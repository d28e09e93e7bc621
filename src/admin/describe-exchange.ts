import type { Exchange } from '../shop/exchange.ts';
import type { Texts } from '../texts/en.ts';

const GONE = 410;

/** What came of a request that did not do its work; completes a sentence that begins with the address. */
export function describeExchange(exchange: Exchange, { outside }: Texts): string {
  if (exchange.kind === 'refused') {
    return outside.notCalled(outside.refusals[exchange.why]);
  }
  return exchange.kind === 'unanswered' ? outside.unanswered[exchange.why] : describeStatus(exchange.status, outside);
}

function describeStatus(status: number, outside: Texts['outside']): string {
  if (status >= 300 && status < 400) {
    return outside.redirected(status);
  }
  if (status === 401 || status === 403) {
    return outside.denied(status);
  }
  if (status === GONE) {
    return outside.gone(status);
  }
  return status === 404 ? outside.missing(status) : outside.status(status);
}
