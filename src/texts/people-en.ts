// What the bot says to staff about one person, in English.

const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export const peopleEn = {
  /** Whom a command is about. `example` is the command with a number, as one would type it. */
  whom: {
    missing: (example: string) => `Tell me whose phone number, for example: *${example}*.`,
    noPhone: (given: string, example: string) =>
      `I cannot read “${given}” as a phone number. Write it with its country code, for example: *${example}*. By name, people are found with *find*.`,
    nobodyMarked: (handle: string) => `I know nobody called ${handle}. *find* looks for names, numbers and orders.`,
    nobody: (phone: string) =>
      `I know nobody with the number ${phone}. Is every digit right? *find* looks for a part of it too.`,
  },

  roles: { owner: 'owner', manager: 'manager', advisor: 'advisor' },
  phoneUnknown: (handle: string) => `${handle} (phone number unknown)`,

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

  optout: {
    done: (who: string) =>
      `✓ ${who} gets no more offers; I wrote down that you said so.\nWhen they write they are answered as before. Only they themselves can lift it: by writing START to the shop, or with a new yes at the shop.`,
    already: (who: string, how: string) => `${who} gets no offers already. Nothing was changed.\n${how}`,
  },

  optin: {
    /** How *optin link* is called in this language, besides its English name. */
    link: [] as readonly string[],
    missingProof: (example: string) =>
      `To write down a yes I need what proves it: when and where they said it, for example: *${example}*.`,
    proofExample: 'signed form of 12 November',
    done: (who: string, proof: string) => `✓ ${who} may get offers. I wrote down what proves it: “${proof}”.`,
    withdrawn: (who: string, how: string, example: string) =>
      `I cannot lift that: ${who} said no more.\n${how}\nOnly they themselves can: by writing START to the shop, or with a new yes at the shop. *${example}* gives you a link and a picture for them.`,
  },

  private: {
    /** How *off* is called in this language, besides its English name. */
    off: [] as readonly string[],
    on: (who: string, example: string) =>
      `✓ ${who} is private: left out of analysis and automations for good.\nWhen they write they are answered as before. To take it back: *${example}*`,
    alreadyOn: (who: string, since: string) => `${who} has been private since ${since}. Nothing was changed.`,
    taken: (who: string) => `✓ ${who} is no longer private.`,
    notOn: (who: string) => `${who} is not private. Nothing was changed.`,
  },

  optInLink: {
    notLinked: 'I can make the link once I am linked with the shop’s WhatsApp. *status* says what to do.',
    noName: 'First tell me the shop’s name, because people will read it: *set shop.name Your shop*. Then ask again.',
    /** What comes with the picture. */
    done: (link: string, sentence: string, box: string) =>
      `✓ Whoever opens this link, or scans the picture, and sends what is written there has said yes to offers:\n${link}\nIt writes: “${sentence}”\nFor the checkout of your shop, a box that is *not* ticked beforehand:\n☐ ${box}`,
    box: (shop: string) =>
      `Yes, ${shop} may send me offers and reminders of my cart on WhatsApp. I can end this at any time by answering STOP.`,
    file: 'offers-on-whatsapp.png',
  },

  forget: {
    staff: (who: string) => `${who} is one of you. I forget customers only.`,
    ask: (who: string, counts: readonly string[], example: string, minutes: number) =>
      `This erases everything that I know of ${who}, for good:\n${counts.join('\n')}\nOrders stay for the figures, without the person. They stay without offers, too, whatever the shop reports of them, until they say yes again. The chat on the shop’s phone is not mine: delete it there.\nIf you are sure, send within ${minutes} minutes: *${example}*`,
    messages: (count: number, files: number) =>
      `• ${plural(count, 'line', 'lines')} of the chat, ${plural(files, 'file', 'files')}`,
    shop: (orders: number, carts: number) =>
      `• ${plural(carts, 'cart or checkout', 'carts and checkouts')}; the person in ${plural(orders, 'order', 'orders')}`,
    names: (count: number) => `• ${plural(count, 'name, number and address', 'names, numbers and addresses')}`,
    wrong: (example: string) => `That is not the code. Nothing was erased. For a new one: *${example}*`,
    over: (example: string) => `That code is no longer valid. Nothing was erased. For a new one: *${example}*`,
    done: (lines: number, files: number) =>
      `✓ Forgotten. Erased: ${plural(lines, 'line', 'lines')} of the chat, ${plural(files, 'file', 'files')}, and every name and number; also from what you and I have written about them here.`,
  },

  data: {
    caption: (who: string, figures: { lines: number; orders: number; carts: number; consents: number }) =>
      `*Everything I know of ${who}*\n${plural(figures.lines, 'line', 'lines')} of the chat\n${plural(figures.orders, 'order', 'orders')}, ${plural(figures.carts, 'cart or checkout', 'carts and checkouts')}\n${plural(figures.consents, 'statement', 'statements')} about offers\nThe file opens in every text editor; pass it on only to this person.`,
    file: 'customer-data.json',
    explanation:
      'Everything that this shop’s WhatsApp bot has stored about one person, table by table, with times in UTC. Pictures, sounds and documents lie as files under the names given in “attachments”. Left out: the same messages in WhatsApp’s own binary form, and keyed hashes, from which nobody can be recognised.',
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
