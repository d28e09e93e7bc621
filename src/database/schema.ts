import { sql } from 'drizzle-orm';
import {
  bigint,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

// Every table of Shopbell, for the embedded database and for PostgreSQL 15 and later alike: no extensions, nothing newer.
// Instants are given by the caller; no column takes the database's own clock.

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  // The driver hands bytea over as a Buffer and sends a Buffer as bytes.
  toDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
});

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

const id = () => bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity();

/** One pairing of the shop's number: linked again means a new row, so an old login is never mixed with a new one. */
export const whatsappSessions = pgTable('whatsapp_sessions', {
  id: id(),
  startedAt: instant('started_at').notNull(),
  endedAt: instant('ended_at'),
  endedBecause: text('ended_because'),
  /** The last instant at which the link was known to be up: where the next gap begins. */
  lastLinkedAt: instant('last_linked_at'),
  /** When the shop's phone itself was last heard of; after 14 silent days WhatsApp ends the link. */
  phoneSeenAt: instant('phone_seen_at'),
});

/** Who may do what only one process at a time may. The one table that lives by the database's own clock (`lease.ts`). */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  holder: text('holder').notNull(),
  /** Grows with every change of hands: a write that carries an older one is refused. */
  fence: bigint('fence', { mode: 'number' }).notNull(),
  expiresAt: instant('expires_at').notNull(),
});

/** The login of one session. Text, not jsonb: the value may be encrypted and must come back byte for byte. */
export const whatsappCredentials = pgTable('whatsapp_credentials', {
  sessionId: bigint('session_id', { mode: 'number' })
    .primaryKey()
    .references(() => whatsappSessions.id, { onDelete: 'cascade' }),
  data: text('data').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** Signal keys and ratchets, the app state keys and the other small things that Baileys keeps. */
export const whatsappKeys = pgTable(
  'whatsapp_keys',
  {
    sessionId: bigint('session_id', { mode: 'number' })
      .notNull()
      .references(() => whatsappSessions.id, { onDelete: 'cascade' }),
    type: text('type').notNull(),
    id: text('id').notNull(),
    data: text('data').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.type, table.id] })],
);

/**
 * Arrivals: messages, written in the same transaction as the ratchet step that decrypted them (DESIGN §5); and what never passes
 * decryption, such as calls, from Baileys' events. `author` is WhatsApp's id; `stanza` holds the envelope's attributes as JSON text.
 */
export const journal = pgTable(
  'journal',
  {
    id: id(),
    sessionId: bigint('session_id', { mode: 'number' }).notNull(),
    source: text('source', { enum: ['message', 'event', 'history'] })
      .notNull()
      .default('message'),
    author: text('author').notNull(),
    messageId: text('message_id').notNull(),
    stanza: text('stanza').notNull(),
    ciphertextHash: bytes('ciphertext_hash').notNull(),
    plaintext: bytes('plaintext').notNull(),
    arrivedAt: instant('arrived_at').notNull(),
    state: text('state', { enum: ['pending', 'done', 'failed'] }).notNull(),
    problem: text('problem'),
    handledAt: instant('handled_at'),
  },
  (table) => [
    unique('journal_arrival').on(table.sessionId, table.source, table.author, table.messageId),
    index('journal_pending').on(table.id).where(sql`state = 'pending'`),
  ],
);

/** A person. Everything that belongs to a person hangs on this id, never on a phone number or a WhatsApp id. */
export const contacts = pgTable('contacts', {
  id: id(),
  name: text('name'),
  /** The address that the person's last message came from, as `kind:value`; answers go there. */
  lastAddress: text('last_address'),
  createdAt: instant('created_at').notNull(),
  /** Set when this contact turned out to be the same person as another; it has nothing of its own then. */
  mergedInto: bigint('merged_into', { mode: 'number' }),
  /** WhatsApp has said that the LID we know is out of date; until it is found again, nothing proactive is sent. */
  lidStaleSince: instant('lid_stale_since'),
});

/** Every joining of two contacts, with what moved, so that it can be undone. */
export const contactMerges = pgTable('contact_merges', {
  id: id(),
  keptId: bigint('kept_id', { mode: 'number' })
    .notNull()
    .references(() => contacts.id),
  absorbedId: bigint('absorbed_id', { mode: 'number' })
    .notNull()
    .references(() => contacts.id),
  /** What moved from the absorbed to the kept one, and what the kept one was before. */
  moved: jsonb('moved').notNull(),
  mergedAt: instant('merged_at').notNull(),
  undoneAt: instant('undone_at'),
});

export const contactAddresses = pgTable(
  'contact_addresses',
  {
    kind: text('kind', { enum: ['phone', 'lid', 'username'] }).notNull(),
    value: text('value').notNull(),
    contactId: bigint('contact_id', { mode: 'number' })
      .notNull()
      .references(() => contacts.id),
    firstSeenAt: instant('first_seen_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.value] }),
    index('contact_addresses_contact').on(table.contactId),
  ],
);

export const members = pgTable('members', {
  contactId: bigint('contact_id', { mode: 'number' })
    .primaryKey()
    .references(() => contacts.id),
  role: text('role', { enum: ['owner', 'manager', 'advisor'] }).notNull(),
  /** How the person became a member: `OWNER_PHONES` or the claim code. */
  source: text('source', { enum: ['environment', 'claim'] }).notNull(),
  since: instant('since').notNull(),
});

export const conversations = pgTable('conversations', {
  contactId: bigint('contact_id', { mode: 'number' })
    .primaryKey()
    .references(() => contacts.id),
  speaker: text('speaker', { enum: ['bot', 'waiting', 'advisor', 'paused'] }).notNull(),
  since: instant('since').notNull(),
});

/** The log. `sentAt` is WhatsApp's own time, the order people see; `loggedAt` is when we wrote the line. */
export const messages = pgTable(
  'messages',
  {
    id: id(),
    contactId: bigint('contact_id', { mode: 'number' })
      .notNull()
      .references(() => contacts.id),
    direction: text('direction', { enum: ['in', 'out'] }).notNull(),
    whatsappId: text('whatsapp_id').notNull(),
    author: text('author', { enum: ['contact', 'bot', 'shop-phone'] }).notNull(),
    kind: text('kind').notNull(),
    text: text('text'),
    sentAt: instant('sent_at').notNull(),
    loggedAt: instant('logged_at').notNull(),
    /** How it came: while connected, kept by WhatsApp while we were away, or from the phone's history. */
    arrival: text('arrival', { enum: ['live', 'offline', 'history', 'sent'] }).notNull(),
    /** What the kind has besides its text: see `MessageDetails`. */
    details: jsonb('details'),
    /** The WhatsApp id of the message that this one answers. */
    quotedId: text('quoted_id'),
    /** The WhatsApp id of the message that this line is about: a reaction, a vote, an edit, a deletion. */
    targetId: text('target_id'),
    /** The newest words after edits; `text` stays as it was written first. Derived from the lines of kind `edit`. */
    editedText: text('edited_text'),
    editedAt: instant('edited_at'),
    deletedAt: instant('deleted_at'),
    raw: bytes('raw'),
  },
  (table) => [
    unique('messages_once').on(table.contactId, table.whatsappId, table.direction),
    index('messages_by_contact').on(table.contactId, table.sentAt, table.id),
    index('messages_by_target').on(table.contactId, table.targetId).where(sql`target_id is not null`),
    index('messages_logged').on(table.loggedAt),
  ],
);

/** What belongs to a logged message and is fetched afterwards: the file of a picture, the lines of an order. */
export const attachments = pgTable(
  'attachments',
  {
    messageId: bigint('message_id', { mode: 'number' })
      .primaryKey()
      .references(() => messages.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: ['file', 'order'] }).notNull(),
    state: text('state', { enum: ['pending', 'stored', 'too-large', 'gone', 'failed'] }).notNull(),
    /** Where the file lies, relative to `DATA_DIR`. */
    file: text('file'),
    bytes: bigint('bytes', { mode: 'number' }),
    problem: text('problem'),
    attempts: integer('attempts').notNull(),
    nextTryAt: instant('next_try_at').notNull(),
  },
  (table) => [index('attachments_pending').on(table.nextTryAt).where(sql`state = 'pending'`)],
);

/** Messages to send. `key` names the cause, so the same cause never queues twice. */
export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    key: text('key').notNull().unique('outbox_key'),
    contactId: bigint('contact_id', { mode: 'number' })
      .notNull()
      .references(() => contacts.id),
    kind: text('kind', { enum: ['proactive', 'reply', 'relay', 'staff'] }).notNull(),
    /** The address to send to, as `kind:value`. */
    address: text('address').notNull(),
    content: jsonb('content').notNull(),
    /** The message as it went over the wire, where `content` alone does not give the same again (keys of a file, a poll). */
    wire: bytes('wire'),
    whatsappId: text('whatsapp_id').notNull(),
    state: text('state', {
      enum: ['queued', 'sending', 'sent', 'accepted', 'delivered', 'read', 'failed', 'dropped', 'unknown'],
    }).notNull(),
    /** Why a failed, dropped or unknown message ended so: WhatsApp's code or one of our reasons. */
    reason: text('reason'),
    queuedAt: instant('queued_at').notNull(),
    firstTriedAt: instant('first_tried_at'),
    stateSince: instant('state_since').notNull(),
    attempts: integer('attempts').notNull(),
  },
  (table) => [
    uniqueIndex('outbox_whatsapp_id').on(table.whatsappId),
    index('outbox_waiting').on(table.id).where(sql`state in ('queued', 'sending', 'sent')`),
  ],
);

export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  /** As the setting's own `format` writes it. */
  value: text('value').notNull(),
  changedAt: instant('changed_at').notNull(),
});

/** Every change of a setting, for `history` and `undo`. */
export const settingChanges = pgTable('setting_changes', {
  id: id(),
  key: text('key').notNull(),
  before: text('before'),
  after: text('after'),
  changedBy: bigint('changed_by', { mode: 'number' }).references(() => contacts.id),
  changedAt: instant('changed_at').notNull(),
});
