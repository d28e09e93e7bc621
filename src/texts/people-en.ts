// What the bot says to staff about one person, in English.

const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export const peopleEn = {
  /** Whom a command is about. `example` is the command with a number, as one would type it. */
  whom: {
    missing: (example: string) => `Tell me whose phone number, for example: *${example}*.`,
    noPhone: (given: string, example: string) =>
      `I cannot read “${given}” as a phone number. Write it with its country code, for example: *${example}*. By name, people are found with *find*.`,
    nobody: (phone: string) =>
      `I know nobody with the number ${phone}. Is every digit right? *find* looks for a part of it too.`,
  },

  roles: { owner: 'owner', manager: 'manager', advisor: 'advisor' },
  phoneUnknown: 'phone number unknown',

  contact: {
    staff: (role: string) => `One of you: ${role}.`,
    knownSince: (date: string) => `Known since ${date}.`,
    hasNotWritten: 'Has never written to the shop.',
    hasWritten: (count: number, at: string, last: string) =>
      `Has written ${plural(count, 'message', 'messages')}, the last on ${at}: ${last}`,
    atTheShop: (known: readonly string[]) => `At the shop: ${known.join(' · ')}`,
    noOrders: 'No orders.',
    orders: (count: number) => (count === 1 ? '*1 order*' : `*${count.toLocaleString('en')} orders*`),
    order: (number: string, total: string, date: string, state: string) => `• ${number}: ${total}, ${date}, ${state}`,
    noTotal: 'amount unknown',
    earlier: (count: number, total: string) =>
      `• ${plural(count, 'earlier one', 'earlier ones')}, ${total} in all after refunds`,
    noCart: 'No open cart.',
    cart: (total: string) => `*Open cart*: ${total}`,
    item: (quantity: number, name: string) => `• ${quantity} × ${name}`,
    moreItems: (count: number) => `• and ${plural(count, 'other', 'others')}`,
    lastAdded: (at: string) => `Last addition ${at}.`,
    checkout: (at: string) => `Checkout begun ${at}, not paid.`,
    noCheckout: 'Checkout not begun.',
  },

  orderStates: {
    open: () => 'not paid yet',
    paid: (at: string) => `paid ${at}`,
    completed: (at: string) => `completed ${at}`,
    cancelled: (at: string) => `cancelled ${at}`,
    refunded: () => 'refunded',
    partlyRefunded: (state: string, amount: string) => `${state}, ${amount} refunded`,
  },

  segments: {
    private: (since: string) => `🔒 Private since ${since}: kept out of analysis and automations.`,
    capped: (until: string) => `⏳ Was reminded of a cart lately: no other reminder until ${until}.`,
    'bought-lately': (at: string) => `🛍 Bought within the last 24 hours (${at}).`,
  },

  consent: {
    nobody: '➖ Offers: nobody has said anything about them. No cart reminders without a yes.',
    granted: (how: string, at: string) => `✅ Offers: *yes*, ${how}, ${at}.`,
    'not-granted': (how: string, at: string) => `➖ Offers: *not agreed to*, ${how}, ${at}.`,
    withdrawn: (how: string, at: string) => `🚫 Offers: *no more*, ${how}, ${at}.`,
    inTheChat: (words: string | undefined) => (words ? `with “${words}” in the chat` : 'said in the chat'),
    byStaff: (proof: string | undefined) =>
      proof ? `written down by the shop: “${proof}”` : 'written down by the shop',
    forgotten: 'because this person was to be forgotten',
    joined: 'said by somebody whom I took for the same person',
    atTheShop: (place: string, words: string | undefined) =>
      words ? `“${words}”, ticked at the shop (${place})` : `said at the shop (${place})`,
  },

  find: {
    missing: (example: string) =>
      `Tell me a part of a phone number or a name, an email address, or the number of an order, for example: *${example}*.`,
    tooShort: 'That is too short to search for: three characters or digits at least.',
    nobody: (given: string) =>
      `I find nobody with “${given}”. I look at names, phone numbers, email addresses and order numbers.`,
    person: (place: number, who: string, more: readonly string[]) => `${place}. ${[who, ...more].join(' · ')}`,
    order: (number: string) => `order ${number}`,
    more: (most: number) => `There are more than these ${most}: tell me a longer part.`,
    goOn: (example: string) => `More about one of them: *${example}*`,
  },

  chat: {
    title: (who: string, shown: number, count: number) =>
      shown === count
        ? `*${who}*: ${plural(count, 'line', 'lines')}`
        : `*${who}*: the last ${shown} of ${plural(count, 'line', 'lines')}`,
    nothing: (who: string) => `*${who}*: nothing has been written yet, by neither side.`,
    line: (clock: string, speaker: string, words: string) => `${clock} *${speaker}*: ${words}`,
    speakers: { contact: 'customer', bot: 'bot', 'shop-phone': 'shop’s phone' },
    edited: (words: string, before: string | undefined) =>
      before ? `${words} (changed; first: “${before}”)` : `${words} (changed)`,
    deleted: (words: string) => (words ? `🗑 deleted: “${words}”` : '🗑 deleted'),
    cut: (words: string, left: number) => `${words}… (${left.toLocaleString('en')} more characters)`,
    ticks: { sent: '🕓', accepted: '✓', delivered: '✓✓', read: '✓✓ read', sending: '🕓' } as Readonly<
      Record<string, string>
    >,
    refused: (why: string) => `⚠️ not delivered: ${why}`,
    unknown: (why: string) => `⚠️ ${why}`,
    waiting: (count: number) => `🕓 ${plural(count, 'message is', 'messages are')} waiting to be sent.`,
    most: (most: number) => `I show ${most} lines at most.`,
  },

  /** A message that is no text, in words; `words` is what was written with it. */
  kinds: {
    withWords: (kind: string, words: string) => `${kind}: ${words}`,
    image: () => '📷 photo',
    video: () => '🎬 video',
    audio: () => '🎵 sound',
    voice: (length: string | undefined) => (length ? `🎤 voice note (${length})` : '🎤 voice note'),
    document: (name: string | undefined) => (name ? `📄 ${name}` : '📄 document'),
    sticker: () => 'sticker',
    album: (files: number) => `📷 album of ${files}`,
    location: (isLive: boolean): string => (isLive ? '📍 live location' : '📍 location'),
    contacts: (names: string) => `👤 contact: ${names}`,
    poll: (question: string) => `📊 poll: ${question}`,
    vote: (options: string | undefined) =>
      options === undefined ? 'voted (unreadable)' : `voted: ${options || 'nothing any more'}`,
    reaction: (emoji: string | undefined, about: string | undefined) => {
      const to = about ? ` to “${about}”` : '';
      return emoji ? `reacted ${emoji}${to}` : `took a reaction${to} back`;
    },
    edit: () => '✏️ changed an earlier message',
    delete: () => '🗑 deleted message',
    order: (items: number, total: string | undefined) =>
      `🛒 order from the WhatsApp catalogue: ${plural(items, 'item', 'items')}${total ? `, ${total}` : ''}`,
    product: () => '🏷 product from the catalogue',
    call: (isVideo: boolean, outcome: 'ringing' | 'missed' | 'rejected' | 'accepted') => {
      const how = { ringing: 'calling', missed: 'missed', rejected: 'declined', accepted: 'taken on the phone' };
      return `📞 ${isVideo ? 'video call' : 'call'}, ${how[outcome]}`;
    },
    unreadable: (because: 'undecryptable' | 'view-once' | 'absent') =>
      ({
        undecryptable: 'could not be read yet',
        'view-once': 'view once: only the phone shows it',
        absent: 'came without content',
      })[because],
    other: () => 'something that only the phone can show',
  },
};

export type PeopleTexts = typeof peopleEn;
