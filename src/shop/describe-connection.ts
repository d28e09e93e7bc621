import type { Texts } from '../texts/en.ts';
import type { ConnectionName, ConnectionNotice } from './connection-health.ts';
import type { Connector, Trouble, TroubleKind } from './connector.ts';

/** What is wrong with a connection, in words, and what to do about it. */
export function describeTrouble(name: ConnectionName, { kind, detail }: Trouble, texts: Texts): string {
  // Some kinds of trouble only other systems have.
  const sentences: Readonly<Partial<Record<TroubleKind, (detail: string) => string>>> = texts.connections[name];
  return sentences[kind]?.(detail ?? '') ?? kind;
}

/** What owners are told of it; of systems that are no shops others tell. */
export function describeNotice({ connection, trouble }: ConnectionNotice, texts: Texts): string | undefined {
  const { name } = connection;
  if (!isShop(name)) {
    return undefined;
  }
  const shop = texts.connections.names[name];
  return trouble ? texts.connections.notice(shop, describeTrouble(name, trouble, texts)) : texts.connections.over(shop);
}

export function isShop(name: ConnectionName): name is Connector['source'] {
  return name === 'shopify' || name === 'woocommerce';
}
