import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  numeric,
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
  /** Somebody of the shop wants this person left out of everything that goes by itself, for good. */
  privateSince: instant('private_since'),
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
    /** Of phones: what the ways of writing the same number have in common (`matchKey`). */
    matchKey: text('match_key'),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.value] }),
    index('contact_addresses_contact').on(table.contactId),
    index('contact_addresses_match').on(table.matchKey),
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

// ── What shops tell ──

const decimal = (name: string) => numeric(name, { precision: 18, scale: 4 });

/** What a shop has delivered, exactly as it came, before anything was done with it. Emptied of its body when it has been handled. */
export const shopDeliveries = pgTable(
  'shop_deliveries',
  {
    id: id(),
    /** `shopify`, `woocommerce`, or the name in the address of the event API. */
    source: text('source').notNull(),
    /** The same delivery has the same key, however often it comes. */
    key: text('key').notNull(),
    topic: text('topic').notNull(),
    body: bytes('body').notNull(),
    bodyHash: bytes('body_hash').notNull(),
    /** When it happened, as the envelope says; when it came, where that says nothing. */
    triggeredAt: instant('triggered_at').notNull(),
    receivedAt: instant('received_at').notNull(),
    state: text('state', { enum: ['pending', 'done', 'failed'] }).notNull(),
    problem: text('problem'),
    handledAt: instant('handled_at'),
  },
  (table) => [
    unique('shop_deliveries_once').on(table.source, table.key),
    index('shop_deliveries_pending').on(table.id).where(sql`state = 'pending'`),
    index('shop_deliveries_failed').on(table.id).where(sql`state = 'failed'`),
  ],
);

/**
 * Everything a shop has ever said of one cart, checkout or order, one row for each time; what these are now follows from all of it,
 * in whatever order it came.
 */
export const shopReports = pgTable(
  'shop_reports',
  {
    source: text('source').notNull(),
    /** `cart:<token>`, `checkout:<token>`, `order:<id>`. */
    subject: text('subject').notNull(),
    /** The shop's own time, and behind it what tells two reports of one instant apart: texts sort as time does. */
    version: text('version').notNull(),
    report: jsonb('report').notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.subject, table.version] })],
);

/** Under which of a shop's own names of people a contact has been seen, and when last. One name may have had several contacts. */
export const shopNames = pgTable(
  'shop_names',
  {
    source: text('source').notNull(),
    kind: text('kind', { enum: ['customer', 'email'] }).notNull(),
    value: text('value').notNull(),
    contactId: bigint('contact_id', { mode: 'number' })
      .notNull()
      .references(() => contacts.id),
    /** The phone that connected the two, and the shop's time of it: the latest says whose name it is. */
    phone: text('phone').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.source, table.kind, table.value, table.phone] }),
    index('shop_names_contact').on(table.contactId),
  ],
);

/**
 * Whom a row is about, in a shop's words. With a phone it belongs to that phone's contact; without one to whom the shop's names belong
 * now, which may become known, and change, later.
 */
const person = {
  contactId: bigint('contact_id', { mode: 'number' }).references(() => contacts.id),
  phone: text('phone'),
  customerId: text('customer_id'),
  email: text('email'),
};

/** What is known of people besides addresses; of several rows of a contact the newest version holds. */
export const contactAttributes = pgTable(
  'contact_attributes',
  {
    source: text('source').notNull(),
    /** The strongest name that the report had: `phone:…`, `customer:…`, `email:…`. */
    holder: text('holder').notNull(),
    name: text('name', { enum: ['first-name', 'last-name', 'email', 'country', 'locale'] }).notNull(),
    value: text('value').notNull(),
    version: text('version').notNull(),
    at: instant('at').notNull(),
    ...person,
  },
  (table) => [
    primaryKey({ columns: [table.source, table.holder, table.name] }),
    index('contact_attributes_contact').on(table.contactId),
    index('contact_attributes_customer').on(table.source, table.customerId).where(sql`phone is null`),
    index('contact_attributes_email').on(table.source, table.email).where(sql`phone is null`),
  ],
);

/** Everything that was ever said about consent to marketing on WhatsApp; what holds follows from all of it (`contacts/consent.ts`). */
export const consents = pgTable(
  'consents',
  {
    id: id(),
    /** The same saying has the same key, however often it is told. */
    key: text('key').notNull().unique('consents_once'),
    state: text('state', { enum: ['granted', 'not-granted', 'withdrawn'] }).notNull(),
    /** Whether the person did it then and there; else somebody only says how it stands. */
    act: boolean('act').notNull(),
    /** `chat`, `staff`, `forgotten`, `joined`, or the shop and the place in it. */
    said: text('said').notNull(),
    /** The customer's own words, or what the box said. */
    wording: text('wording'),
    /** What proves it: a message's WhatsApp id, a delivery, what staff have written. */
    proof: text('proof'),
    at: instant('at').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** The shop that told it; none of what was said in the chat. */
    source: text('source'),
    ...person,
  },
  (table) => [
    index('consents_contact').on(table.contactId, table.at),
    index('consents_customer').on(table.source, table.customerId).where(sql`phone is null`),
    index('consents_email').on(table.source, table.email).where(sql`phone is null`),
  ],
);

/** A message that may have been an opt-out, and our one question about it. While it is open nothing is sent that nobody asked for. */
export const optOutQuestions = pgTable('opt_out_questions', {
  contactId: bigint('contact_id', { mode: 'number' })
    .primaryKey()
    .references(() => contacts.id),
  /** The WhatsApp ids of the doubtful message and of our question. */
  about: text('about').notNull(),
  question: text('question').notNull(),
  language: text('language').notNull(),
  askedAt: instant('asked_at').notNull(),
  answeredAt: instant('answered_at'),
});

/** A rescue reserved for a contact, confirmed by WhatsApp, or given back: who has one is left alone for a while. */
export const cappings = pgTable(
  'cappings',
  {
    id: id(),
    contactId: bigint('contact_id', { mode: 'number' })
      .notNull()
      .references(() => contacts.id),
    reservedAt: instant('reserved_at').notNull(),
    confirmedAt: instant('confirmed_at'),
    releasedAt: instant('released_at'),
  },
  (table) => [index('cappings_contact').on(table.contactId, table.reservedAt)],
);

export const carts = pgTable(
  'carts',
  {
    id: id(),
    source: text('source').notNull(),
    token: text('token').notNull(),
    items: jsonb('items').notNull(),
    total: decimal('total'),
    currency: text('currency'),
    url: text('url'),
    firstAddedAt: instant('first_added_at').notNull(),
    lastAddedAt: instant('last_added_at').notNull(),
    /** Set while it is empty. */
    emptiedAt: instant('emptied_at'),
    updatedAt: instant('updated_at').notNull(),
    /** When the shop first said whose it is: by itself, by its checkout, or by its order. */
    joinedAt: instant('joined_at'),
    ...person,
  },
  (table) => [
    unique('carts_once').on(table.source, table.token),
    index('carts_contact').on(table.contactId, table.updatedAt),
    index('carts_customer').on(table.source, table.customerId).where(sql`phone is null`),
    index('carts_email').on(table.source, table.email).where(sql`phone is null`),
  ],
);

export const checkouts = pgTable(
  'checkouts',
  {
    id: id(),
    source: text('source').notNull(),
    token: text('token').notNull(),
    cartToken: text('cart_token'),
    items: jsonb('items').notNull(),
    total: decimal('total'),
    currency: text('currency'),
    /** Leads back to it; holds a key, so it is personal data. */
    url: text('url'),
    startedAt: instant('started_at').notNull(),
    completedAt: instant('completed_at'),
    updatedAt: instant('updated_at').notNull(),
    /** When the shop first said whose it is. */
    joinedAt: instant('joined_at'),
    ...person,
  },
  (table) => [
    unique('checkouts_once').on(table.source, table.token),
    index('checkouts_cart').on(table.source, table.cartToken),
    index('checkouts_contact').on(table.contactId, table.updatedAt),
    index('checkouts_customer').on(table.source, table.customerId).where(sql`phone is null`),
    index('checkouts_email').on(table.source, table.email).where(sql`phone is null`),
  ],
);

export const orders = pgTable(
  'orders',
  {
    id: id(),
    source: text('source').notNull(),
    externalId: text('external_id').notNull(),
    number: text('number'),
    cartToken: text('cart_token'),
    checkoutToken: text('checkout_token'),
    items: jsonb('items').notNull(),
    /** As the shop says it now; `refunded` is not taken off. */
    total: decimal('total'),
    currency: text('currency'),
    refunded: decimal('refunded').notNull(),
    codes: jsonb('codes').notNull(),
    createdAt: instant('created_at').notNull(),
    paidAt: instant('paid_at'),
    /** Sent out, done: what the platform means by it. */
    completedAt: instant('completed_at'),
    cancelledAt: instant('cancelled_at'),
    /** Only a test of the shop's owner. */
    test: boolean('test').notNull(),
    updatedAt: instant('updated_at').notNull(),
    ...person,
  },
  (table) => [
    unique('orders_once').on(table.source, table.externalId),
    index('orders_contact').on(table.contactId, table.createdAt),
    index('orders_cart').on(table.source, table.cartToken),
    index('orders_customer').on(table.source, table.customerId),
    index('orders_email').on(table.source, table.email),
    index('orders_recent').on(table.source, table.createdAt),
  ],
);

/** What shops reported, in the one vocabulary: what automations and figures go by. Derived from the reports, one row each. */
export const shopEvents = pgTable(
  'shop_events',
  {
    id: id(),
    source: text('source').notNull(),
    /** `cart:…`, `checkout:…`, `order:…`, or the delivery of what has no state of its own. */
    subject: text('subject').notNull(),
    type: text('type').notNull(),
    occurredAt: instant('occurred_at').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).references(() => contacts.id),
    /** Which products, which amount. */
    details: jsonb('details'),
  },
  (table) => [
    unique('shop_events_once').on(table.source, table.subject, table.type, table.occurredAt),
    index('shop_events_contact').on(table.contactId, table.type, table.occurredAt),
  ],
);

/** Whom we were told to forget, as keyed hashes: enough to know the name again when it comes, and nothing else. */
export const forgotten = pgTable('forgotten', {
  hash: bytes('hash').primaryKey(),
  at: instant('at').notNull(),
});

/** Keys of the house, made once, such as that of the hashes. */
export const houseKeys = pgTable('house_keys', {
  name: text('name').primaryKey(),
  value: bytes('value').notNull(),
});

/** How it stands with each outside system: a shop's API, the CRM endpoint, the address for events. */
export const connections = pgTable('connections', {
  name: text('name', { enum: ['shopify', 'woocommerce', 'crm', 'webhook'] }).primaryKey(),
  /** What is wrong, as a word that `texts/` has a sentence for; none while all is well. */
  trouble: text('trouble'),
  /** What the sentence names, such as a permission. */
  detail: text('detail'),
  troubleSince: instant('trouble_since'),
  checkedAt: instant('checked_at'),
  /** Orders that changed before this have been fetched, by the shop's own clock. */
  polledUntil: instant('polled_until'),
  /** Orders that were created or changed from this on are all known. */
  knownFrom: instant('known_from'),
});

/** When each thing that happens by itself was last done, so that a process that was away does it late instead of never. */
export const jobRuns = pgTable('job_runs', {
  name: text('name').primaryKey(),
  ranAt: instant('ran_at').notNull(),
});

/** Events for the shop's own systems, until they have taken them. */
export const outboundEvents = pgTable(
  'outbound_events',
  {
    id: id(),
    /** The event's id, the same on every try. */
    eventId: text('event_id').notNull().unique('outbound_events_once'),
    type: text('type').notNull(),
    body: text('body').notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).references(() => contacts.id),
    createdAt: instant('created_at').notNull(),
    state: text('state', { enum: ['pending', 'delivered', 'failed'] }).notNull(),
    attempts: integer('attempts').notNull(),
    nextTryAt: instant('next_try_at').notNull(),
    problem: text('problem'),
    stateSince: instant('state_since').notNull(),
  },
  (table) => [index('outbound_events_pending').on(table.nextTryAt).where(sql`state = 'pending'`)],
);

/** Files that are to go from the disk, relative to `DATA_DIR`: of people who were forgotten, and what was written only to be sent. */
export const doomedFiles = pgTable(
  'doomed_files',
  {
    file: text('file').primaryKey(),
    dueAt: instant('due_at').notNull(),
  },
  (table) => [index('doomed_files_due').on(table.dueAt)],
);
