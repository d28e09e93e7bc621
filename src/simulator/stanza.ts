import type { BinaryNode } from '@whiskeysockets/baileys';

/** One element of WhatsApp's binary protocol: a tag, attributes that are all strings, and children or bytes. */
export type Stanza = BinaryNode;

/** Builds a stanza; an attribute without a value is left out. */
export function stanza(
  tag: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  content?: readonly Stanza[] | Uint8Array,
): Stanza {
  const attrs: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) {
      attrs[name] = value;
    }
  }
  if (content === undefined) {
    return { tag, attrs };
  }
  return { tag, attrs, content: content instanceof Uint8Array ? content : [...content] };
}

export function childrenOf(parent: Stanza | undefined, tag?: string): readonly Stanza[] {
  if (!Array.isArray(parent?.content)) {
    return [];
  }
  return tag === undefined ? parent.content : parent.content.filter((child) => child.tag === tag);
}

export function childOf(parent: Stanza | undefined, tag: string): Stanza | undefined {
  return childrenOf(parent, tag)[0];
}

/** The bytes of a stanza; text counts as its UTF-8 bytes, because short text may travel as a dictionary word. */
export function bytesOf(owner: Stanza | undefined): Buffer | undefined {
  const content = owner?.content;
  if (content instanceof Uint8Array) {
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  }
  return typeof content === 'string' ? Buffer.from(content) : undefined;
}

/** The bytes of the child with this tag; a client that leaves them out has sent a stanza we do not understand. */
export function childBytes(parent: Stanza | undefined, tag: string): Buffer {
  const bytes = bytesOf(childOf(parent, tag));
  if (!bytes) {
    throw new StanzaNotUnderstood(`<${parent?.tag ?? '?'}> has no bytes in <${tag}>`);
  }
  return bytes;
}

export function attribute(owner: Stanza, name: string): string {
  const value = owner.attrs[name];
  if (value === undefined) {
    throw new StanzaNotUnderstood(`<${owner.tag}> has no attribute ${name}`);
  }
  return value;
}

export function bigEndian(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}

export function fromBigEndian(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** facts: times in stanzas are whole seconds since 1970. */
export function unixTime(instant: Date): string {
  return String(Math.floor(instant.getTime() / 1000));
}

/** What a client sent makes no sense to this server. */
export class StanzaNotUnderstood extends Error {
  override readonly name = 'StanzaNotUnderstood';
}
