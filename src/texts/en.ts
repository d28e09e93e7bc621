// What the bot says to staff, in English. The other languages have the same shape.

import { peopleEn } from './people-en.ts';

const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

const noAliases: readonly string[] = [];

export const en = {
  /** The locale for dates and numbers: the words are English, the dates are readable to everybody. */
  locale: 'en-GB',
  languageName: 'English',

  commands: {
    help: {
      aliases: ['?', 'commands'] as readonly string[],
      usage: 'help [command]',
      help: 'what I can do',
    },
    status: {
      aliases: noAliases,
      usage: 'status',
      help: 'how the shop’s bot is doing, and what is still missing',
    },
    health: {
      aliases: noAliases,
      usage: 'health',
      help: 'the technical side: WhatsApp, database, messages, memory',
    },
    settings: {
      aliases: noAliases,
      usage: 'settings',
      help: 'everything that can be changed, with its value now',
    },
    set: {
      aliases: ['change'] as readonly string[],
      usage: 'set <setting> <value>',
      help: 'changes a setting, for example: set shop.language es',
    },
    test: {
      aliases: noAliases,
      usage: 'test buttons | webhook | crm',
      help: 'tries whether your WhatsApp shows buttons, or whether your own systems hear me',
    },
    replay: {
      aliases: noAliases,
      usage: 'replay',
      help: 'tries once more to read the messages that were set aside',
    },
    split: {
      aliases: noAliases,
      usage: 'split <phone>',
      help: 'separates two people again whom I had taken for one',
    },
    contact: {
      aliases: ['who'] as readonly string[],
      usage: 'contact <phone>',
      help: 'everything about one person: orders, cart, consent',
    },
    find: {
      aliases: ['search'] as readonly string[],
      usage: 'find <part of a phone or name, email, order>',
      help: 'finds people',
    },
    chat: {
      aliases: noAliases,
      usage: 'chat <phone> [lines]',
      help: 'the last lines of a conversation, with ticks',
    },
    optout: {
      aliases: noAliases,
      usage: 'optout <phone>',
      help: 'no more offers for somebody who does not want any',
    },
    optin: {
      aliases: noAliases,
      usage: 'optin <phone> <proof>',
      help: 'writes down that somebody wants offers; *optin link* makes a link and a picture for it',
    },
    private: {
      aliases: noAliases,
      usage: 'private <phone> [off]',
      help: 'keeps a person out of analysis and automations',
    },
    data: {
      aliases: noAliases,
      usage: 'data <phone>',
      help: 'everything I know of a person, as a file',
    },
    forget: {
      aliases: noAliases,
      usage: 'forget <phone>',
      help: 'erases a person, after asking once more',
    },
  },

  settings: {
    'shop.name': 'The shop’s name, as I say it.',
    'shop.language': 'The language in which I talk to staff.',
    'shop.timezone': 'The time zone of the shop’s clocks.',
    'shop.country': 'The country of the shop, for phone numbers without a country code.',
    'shop.url': 'The shop’s web address.',
    'sending.typing': 'For how many seconds, at most, customers see me typing before I answer them. 0 turns it off.',
    'post-purchase.completed-when':
      'When an order counts as completed: when it is fulfilled (sent out, done), paid, or already when it is created.',
    'sales.crm-url':
      'The address of your own system (CRM) that I ask whether somebody has bought. *test crm* tries it.',
    'sales.webhook-url': 'The address that I tell of events. *test webhook* tries it.',
    'sales.webhook-events': 'Which events I tell it of.',
  },

  help: {
    greeting: (shop: string) => `*${shop}* — this is what you can ask me:`,
    line: (usage: string, help: string) => `*${usage}* — ${help}`,
    unknownTopic: (given: string) => `There is no command “${given}”.`,
    footer: 'Just type it here. A capital letter or a / in front makes no difference.',
  },

  unknownCommand: (given: string, nearest: readonly string[], likely: boolean) => {
    const names = nearest.map((name) => `*${name}*`).join(', ');
    const hint = likely ? `Did you mean ${names}?` : `I understand ${names} and more.`;
    return `I don’t know “${given}”. ${hint}\nSend *help* for everything I can do.`;
  },
  tooLong: (length: number, longest: number) =>
    `That message has ${length.toLocaleString('en')} characters, too long for a command (at most ${longest.toLocaleString('en')}). Nothing was changed. Send *help* to see what I can do.`,
  notAllowed: (command: string) =>
    `*${command}* is for owners and managers. Ask one of them, or send *help* to see what you can do.`,
  ownersOnly: (command: string) =>
    `*${command}* is for owners. Ask one of them, or send *help* to see what you can do.`,
  failed: (command: string) =>
    `Something went wrong on my side, and *${command}* was not done. Please try again; if it happens again, whoever installed me finds the cause in the log.`,

  loop: 'You write so much, so fast, that I take you for an automatic reply. I did not act on this message, and I stay silent until it has been quiet for two minutes. Then write to me again.',

  test: {
    /** How the thing to test is called in this language, besides its English name. */
    buttons: noAliases,
    usage: 'I can test three things: *test buttons*, *test webhook* (the address for events) and *test crm*.',
    question:
      'Do you see two buttons under this message? Tap one of them.\nIf you see none, this WhatsApp does not show buttons. Nothing is lost: everything can be written as well, such as *help*.',
    answer: 'Yes, I see them',
    help: 'Help',
    tapReached: '✓ Your tap reached me: buttons work on this phone.',
    sending: (host: string) => `I am trying ${host} now. In a moment I tell you what came of it.`,
    noAddress: {
      webhook:
        'No address for events is set, so there is nothing to test. Set one like this: *set sales.webhook-url https://hooks.example.com/shopbell*',
      crm: 'No address of a CRM is set, so there is nothing to test. Set one like this: *set sales.crm-url https://crm.example.com/verify*',
    },
    noPhone: 'I do not know your phone number yet, so I cannot ask about you. Nothing was sent.',
    webhookTaken: (host: string, took: number) => `✓ ${host} took the test event in ${took} ms.`,
    noEventsOn: 'No event is switched on yet. All of them: *set sales.webhook-events all*',
    crmAnswered: (host: string, took: number, hasBought: boolean) =>
      `✓ ${host} answered in ${took} ms, and I understood it: your own number has ${hasBought ? 'bought something' : 'bought nothing'} in the last 30 days.`,
    crmUnclear: (host: string) =>
      `⚠️ ${host} answered, but neither yes nor no. I expect JSON such as {"converted": false}. Until then I take every answer for “unknown” and hold messages back.`,
    doNotContact: 'It also asks me not to write to this number.',
    failed: (host: string, why: string) => `⚠️ The test did not work: ${host} ${why}`,
    unsigned: (variable: string) =>
      `It went unsigned, because there is no secret. Whoever installed me sets it (${variable}); it is never typed in a chat.`,
  },

  /** What came of calling an address outside; completes a sentence that begins with the address. */
  outside: {
    notCalled: (why: string) => `was not called: ${why}`,
    refusals: {
      'not-https': 'I only call addresses that begin with https://.',
      'has-password': 'a name or password stands in the address, and passwords are never typed in a chat.',
      port: 'I only use the ports 443 and 8443.',
      private: 'it leads into a private network. Whoever installed me can allow that (ALLOW_PRIVATE_TARGETS).',
    },
    unanswered: {
      timeout: 'did not answer in time. Is the system running?',
      'unknown-host': 'does not exist: nobody has this name. Is it spelt right?',
      'no-connection': 'did not answer: no connection could be made, or it broke. Is the system running?',
      certificate:
        'could not prove who it is: its certificate is wrong or expired, or it is not https at all. Nothing was sent.',
    },
    redirected: (status: number) =>
      `sends me on to another address (status ${status}), and I do not follow. Set the address where it ends.`,
    denied: (status: number) => `did not let me in (status ${status}). Is the secret the same on both sides?`,
    gone: (status: number) => `says that it wants no more events (status ${status}).`,
    missing: (status: number) =>
      `answered that there is nothing at this address (status ${status}). Is it spelt right?`,
    status: (status: number) => `answered with status ${status} instead of 200. Its own log says why.`,
  },

  replay: {
    nothing: 'No message is set aside. Nothing to do.',
    again: (count: number) =>
      `I try ${plural(count, 'message', 'messages')} again now. Send *status* in a moment: what still cannot be read is named there.`,
  },

  claim: {
    done: (shop: string) =>
      `Welcome! You are now the owner of the bot of *${shop}*.\nSend *help* to see what I can do.`,
    wrong: (triesLeft: number) =>
      `That is not the code on the pairing page. ${plural(triesLeft, 'try', 'tries')} left.`,
    closed: 'That code is no longer valid. Open the pairing page again: it shows a new one.',
  },

  set: {
    done: (key: string, before: string, after: string) =>
      `✓ ${key}: ${before} → ${after}\nTo go back: *set ${key} ${before}*`,
    same: (key: string, value: string) => `${key} is already ${value}. Nothing was changed.`,
    unknown: (given: string, nearest: readonly string[]) =>
      `There is no setting “${given}”. The nearest: ${nearest.map((key) => `*${key}*`).join(', ')}. Send *settings* for all of them.`,
    missing:
      'Tell me which setting and which value, for example: *set shop.language es*. Send *settings* for all of them.',
    missingValue: (key: string, value: string, expected: string, example: string) =>
      `${key} is ${value} now. To change it, I expect ${expected}, for example: *set ${key} ${example}*.`,
    wrong: (key: string, expected: string) => `${key} was not changed. I expected ${expected}.`,
    refused: (key: string, why: string) => `${key} was not changed: ${why}`,
    unknownName: (key: string, given: string, nearest: readonly string[]) =>
      `${key} was not changed: I do not know “${given}”. The nearest: ${nearest.map((name) => `*${name}*`).join(', ')}.`,
  },
  split: {
    missing: 'Tell me whose phone number, with its country code, for example: *split +34 600 000 003*.',
    noPhone: (given: string) =>
      `I cannot read “${given}” as a phone number. Write it with its country code, for example: *split +34 600 000 003*.`,
    nobody: (phone: string) => `I know nobody with the number ${phone}. Nothing was changed. Is every digit right?`,
    neverJoined: (phone: string) => `I have not joined ${phone} with anybody, so there is nothing to separate.`,
    phoneUnknown: 'phone number unknown',
    person: (who: string, lines: number) => `• ${who}: ${plural(lines, 'message', 'messages')}`,
    done: (people: readonly string[]) =>
      `✓ These are two people again:\n${people.join('\n')}\nWhat came in since I joined them stays with the first. If WhatsApp names both as one person once more, I will join them again.`,
  },
  people: peopleEn,

  settingsTitle: 'Settings (change one with *set <setting> <value>*):',
  settingLine: (key: string, value: string, help: string) => `*${key}*: ${value}\n${help}`,

  expected: {
    choice: (options: readonly string[]) => `one of: ${options.join(', ')}`,
    text: (longest: number) => `a text of 1 to ${longest} characters in one line`,
    'time-zone': () => 'a time zone such as Europe/Madrid or America/Bogota',
    country: () => 'a country code of two letters, such as ES',
    'web-address': () => 'a web address such as https://shop.example.com, or none',
    endpoint: () => 'an address that begins with https://, such as https://hooks.example.com/shopbell, or none',
    several: (options: readonly string[]) => `all, none, or any of: ${options.join(', ')}`,
    seconds: (least: number, most: number) => `a whole number of seconds from ${least} to ${most}`,
  },

  status: {
    linked: (phone: string, since: string) => `✅ WhatsApp: linked as ${phone} since ${since}`,
    notLinked: (state: string, advice: string) => `⚠️ WhatsApp: ${state}\n${advice}`,
    day: (received: number, sent: number) =>
      `Last 24 hours: ${plural(received, 'message', 'messages')} from customers, ${sent.toLocaleString('en')} to them`,
    waiting: (count: number) =>
      count === 0
        ? 'Nothing is waiting to be sent.'
        : `${plural(count, 'message is', 'messages are')} waiting to be sent.`,
    failed: (count: number) =>
      `⚠️ ${plural(count, 'message', 'messages')} could not be read and ${count === 1 ? 'is' : 'are'} set aside; nothing is lost. *replay* tries them again, for example after an update.`,
    failedDeliveries: (count: number) =>
      `⚠️ ${plural(count, 'delivery', 'deliveries')} of the shop could not be read and ${count === 1 ? 'is' : 'are'} set aside; nothing is lost. *replay* tries them again, for example after an update.`,
    refused: (count: number, why: string) => `⚠️ Not delivered in the last 24 hours: ${count} — ${why}`,
    owners: (count: number) => `Owners: ${count}`,
    missing: (lines: readonly string[]) => `Still missing:\n${lines.map((line) => `• ${line}`).join('\n')}`,
    nothingMissing: 'Nothing is missing.',
    missingName: 'the shop’s name: *set shop.name Your shop*',
    missingTimeZone: 'the time zone: *set shop.timezone Europe/Madrid*',
  },

  /** Why a message did not arrive: WhatsApp's codes (facts/whatsapp §5.3) and our own reasons. */
  refusals: {
    '400': 'WhatsApp found the message malformed. Update Shopbell if it happens again.',
    '403': 'WhatsApp does not let the shop write to this person.',
    '404': 'this number is not on WhatsApp.',
    '405': 'WhatsApp did not accept this kind of message.',
    '420': 'WhatsApp refused it without saying why.',
    '429': 'too many messages too fast. Let the shop’s number rest for a quarter of an hour.',
    '463':
      'WhatsApp does not let the shop start this chat now. Do not try again: wait until the person writes, and open WhatsApp on the shop’s phone to see whether the account is restricted.',
    '473': 'WhatsApp did not accept this kind of message.',
    '475': 'WhatsApp refused it without saying why.',
    '479': 'WhatsApp found the message not valid. Update Shopbell if it happens again.',
    interrupted:
      'the connection broke in the middle, and I cannot tell whether it arrived. Look into the chat on the shop’s phone.',
    'file-missing': 'the file to send is no longer on this machine.',
    'no-address': 'I do not know a WhatsApp address of this person.',
  },
  otherRefusal: (code: string) => `WhatsApp refused it (code ${code}).`,

  health: {
    title: '*Health*',
    database: (kind: 'embedded' | 'server', took: number) =>
      `✅ Database: ${kind === 'embedded' ? 'embedded' : 'PostgreSQL server'}, answers in ${took} ms`,
    databaseDown: '⚠️ Database: no answer',
    arrivals: (pending: number, failed: number) => {
      if (pending === 0 && failed === 0) {
        return '✅ Log: every message that arrived is written down';
      }
      return `⚠️ Log: ${pending} waiting to be written, ${failed} set aside because they could not be read`;
    },
    phoneSeen: (ago: string | undefined) =>
      ago ? `Shop’s phone: last heard from ${ago} ago` : 'Shop’s phone: not heard from yet',
    lastReceived: (at: string | undefined) => (at ? `Last message received: ${at}` : 'No message received yet'),
    process: (running: string, megabytes: number) => `Running for ${running}, ${megabytes} MB of memory`,
  },

  /** What the operator gets by the second way (ALERT_URL); each is complete by itself. */
  alert: {
    down: (shop: string, state: string, since: string, advice: string) =>
      `⚠️ ${shop}: the bot has not been connected to WhatsApp since ${since} (${state}). ${advice}`,
    reminder: (shop: string, state: string, since: string, advice: string) =>
      `⚠️ ${shop}: the bot is still not connected to WhatsApp; it has not been since ${since} (${state}). ${advice}`,
    failing: (shop: string, state: string, since: string, advice: string) =>
      `⚠️ ${shop}: the bot’s connection to WhatsApp has been breaking again and again since ${since} (now: ${state}). ${advice}`,
    back: (shop: string, _state: string, since: string, _advice: string) =>
      `✅ ${shop}: the bot has been connected to WhatsApp again since ${since}.`,
    restart: (shop: string, _state: string, since: string, _advice: string) =>
      `⚠️ ${shop}: the bot no longer received anything from WhatsApp, and a new connection did not help (${since}). It ends now, so that Docker, systemd or whatever watches over it starts it again. If nothing does, start it by hand.`,
  },

  /** How it stands with the shops: what is wrong, and what to do. */
  connections: {
    names: {
      shopify: 'Shopify',
      woocommerce: 'WooCommerce',
      crm: 'Your CRM',
      webhook: 'Your address for events',
    },
    well: (shop: string, ago: string) => `✅ ${shop}: answers, last asked ${ago} ago`,
    trouble: (shop: string, since: string, problem: string) => `⚠️ ${shop}, since ${since}: ${problem}`,
    notice: (shop: string, problem: string) => `⚠️ ${shop}: ${problem}`,
    over: (shop: string) => `✅ ${shop}: all is well again. I have fetched the orders of the meantime.`,
    shopify: {
      refused: (_detail: string) =>
        'it does not accept my login. Check SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET, or SHOPIFY_ACCESS_TOKEN, and whether the app is still installed.',
      forbidden: (scope: string) =>
        `the app lacks a permission: ${scope}. Give it to the app in Shopify’s Dev Dashboard, then release and install the app anew.`,
      'not-found': (_detail: string) =>
        'there is no such shop. Check SHOPIFY_SHOP: the name that ends in .myshopify.com.',
      unreachable: (_detail: string) =>
        'it cannot be reached. I keep trying every ten minutes; check the internet connection of the machine I run on.',
      busy: (_detail: string) =>
        'it asks me to wait, again and again. I keep trying every ten minutes; ask less with your other apps.',
      failing: (_detail: string) =>
        'it answers with errors. I keep trying every ten minutes; if it lasts for a day, see status.shopify.com, then update Shopbell.',
      uninstalled: (_detail: string) =>
        'the app was removed from the shop, so I hear of no carts and no orders. Install it again in Shopify, and I go on by myself.',
      'hidden-customers': (_detail: string) =>
        'its last orders came without a phone and without a mail address, so I cannot know who has bought. Give the app access to protected customer data, or ask Shopify whether your plan includes it.',
      silent: (_detail: string) =>
        'it has new orders, and none of its webhooks reached me. I fetch the orders every ten minutes; check that PUBLIC_URL can be reached from outside, and SHOPIFY_WEBHOOK_SECRETS.',
      'no-address': (variable: string) =>
        `it cannot report to me, so I know no carts. I fetch the orders every ten minutes; set ${variable} and restart me.`,
      unsubscribed: (words: string) =>
        `it does not want to report to my address. It says: “${words}”. PUBLIC_URL has to begin with https:// and be reachable from outside.`,
    },
    crm: {
      refused: (_detail: string) =>
        'it does not let me in. Is CRM_SECRET the same on both sides? *test crm* tries it once more.',
      'not-found': (_detail: string) =>
        'there is nothing at the address. Is sales.crm-url spelt right? *test crm* tries it once more.',
      unreachable: (_detail: string) =>
        'it does not answer, so I hold back what depends on it. *test crm* says more about it.',
      failing: (_detail: string) =>
        'it answers with errors, or neither yes nor no, so I hold back what depends on it. *test crm* says more about it.',
    },
    webhook: {
      refused: (_detail: string) =>
        'it does not let me in. Is WEBHOOK_SECRET the same on both sides? *test webhook* tries it once more.',
      'not-found': (_detail: string) =>
        'there is nothing at the address. Is sales.webhook-url spelt right? *test webhook* tries it once more.',
      unreachable: (_detail: string) => 'it does not answer. I keep trying; *test webhook* says more about it.',
      failing: (_detail: string) => 'it does not take my events. I keep trying; *test webhook* says more about it.',
      'switched-off': (_detail: string) =>
        'I have stopped telling it of events. When it works, *test webhook* switches it on again.',
    },
    woocommerce: {
      refused: (_detail: string) =>
        'it does not accept my key. Check WOOCOMMERCE_KEY and WOOCOMMERCE_SECRET, and that the address begins with https://; some hosts strip the login from requests.',
      forbidden: (right: string) =>
        `my key may not do that. In WooCommerce → Settings → Advanced → REST API give it the permission ${right}.`,
      'not-found': (_detail: string) =>
        'there is no WooCommerce at the address. Check WOOCOMMERCE_URL (with or without www), and that permalinks are not “plain” in WordPress.',
      unreachable: (_detail: string) =>
        'it cannot be reached. I keep trying every ten minutes; check that the site is up and no firewall keeps me out.',
      busy: (_detail: string) =>
        'it asks me to wait, or has more orders than I can look through. I keep trying every ten minutes; ask the host for a higher limit.',
      failing: (_detail: string) =>
        'it answers with errors or not in JSON. I keep trying every ten minutes; look into the site’s error log and switch off the plugin that was added last.',
      uninstalled: (_detail: string) =>
        'my key was removed. Make a new one in WooCommerce → Settings → Advanced → REST API.',
      'hidden-customers': (_detail: string) =>
        'its last orders came without a phone and without a mail address, so I cannot know who has bought. Make the phone a required field of the checkout.',
      silent: (_detail: string) =>
        'it has new orders, and none of its webhooks reached me. I fetch the orders every ten minutes; see WooCommerce → Settings → Advanced → Webhooks, and that PUBLIC_URL can be reached on port 443, 80 or 8080.',
      'no-address': (variable: string) =>
        `it cannot report to me at once. I fetch the orders every ten minutes; set ${variable} and restart me.`,
      unsubscribed: (words: string) =>
        `it does not want to report to my address. It says: “${words}”. Check PUBLIC_URL.`,
    },
  },

  /** Lines to the owners that nobody asked for. */
  notices: {
    gap: (from: string, to: string, late: number) =>
      late === 0
        ? `I was not connected to WhatsApp from ${from} to ${to}. Nobody wrote in that time.`
        : `I was not connected to WhatsApp from ${from} to ${to}. ${plural(late, 'message', 'messages')} came in that time; ${late === 1 ? 'it is' : 'they are all'} in the log now.`,
    webhookSwitchedOff: (host: string, why: string) =>
      `⚠️ I have stopped telling ${host} of events: it ${why} Nothing is kept for it meanwhile. To switch it on again, send *test webhook* when it works, or set another address with *set sales.webhook-url …*`,
    failedForDays: (why: string) => `has taken none for three days, and the last time it ${why}`,
    crmBroken: (host: string, why: string) =>
      `⚠️ I cannot find out from ${host} who has bought: it ${why} Until it answers again I hold back what depends on it. *test crm* tries it.`,
    crmUnclear: 'answers neither yes nor no.',
    phoneSilent: (days: number, unlinkDate: string) =>
      `⚠️ I have not heard from the shop’s phone for ${days} days. Switch it on and open WhatsApp on it before ${unlinkDate}: on that day WhatsApp ends my link, and I would have to be linked again.`,
  },

  /** How the bot stands with WhatsApp, and what to do about it: one clear next step for every state. */
  link: {
    connecting: { state: 'connecting', advice: 'Nothing to do: this takes a few seconds.' },
    pairing: {
      state: 'waiting to be linked',
      advice: 'On the shop’s phone open WhatsApp → Settings → Linked devices → Link a device, and scan the code.',
    },
    linked: { state: 'linked', advice: 'Nothing to do.' },
    standby: {
      state: 'another Shopbell process holds the link, and I stand by',
      advice: 'Nothing to do: I take over when that one ends, within 20 seconds even if it was killed.',
    },
    unreachable: {
      state: 'WhatsApp cannot be reached',
      advice:
        'I keep trying. Check the internet connection of the machine I run on, and whether a firewall blocks web.whatsapp.com.',
    },
    'connection-lost': { state: 'the connection was lost', advice: 'Nothing to do: I am connecting again.' },
    'restart-asked': {
      state: 'WhatsApp asked for a new connection',
      advice: 'Nothing to do: this is part of linking.',
    },
    'server-unavailable': {
      state: 'WhatsApp’s server is busy or being restarted',
      advice: 'I keep trying, more and more slowly. Nothing to do.',
    },
    'server-error': {
      state: 'WhatsApp ended the connection without a known reason',
      advice: 'I keep trying. If it lasts for an hour, look into the log and update Shopbell.',
    },
    'database-unavailable': {
      state: 'the database does not answer, so I have left WhatsApp for now',
      advice: 'I keep trying. Check the database; no message is lost meanwhile, WhatsApp keeps them.',
    },
    refused: {
      state: 'WhatsApp refused the connection',
      advice: 'I keep trying every few minutes. If it lasts, update Shopbell or link the phone again.',
    },
    'logged-out': {
      state: 'the link was ended on the phone',
      advice:
        'Link again: on the shop’s phone open WhatsApp → Settings → Linked devices → Link a device, and scan the code of the pairing page.',
    },
    replaced: {
      state: 'another program uses the same link',
      advice: 'Stop the other one, then restart me. I try once more by myself after ten minutes.',
    },
    blocked: {
      state: 'WhatsApp has locked the account',
      advice: 'Open WhatsApp on the shop’s phone and follow what it says. Then restart Shopbell.',
    },
    banned: {
      state: 'WhatsApp has banned this number',
      advice: 'Open WhatsApp on the shop’s phone: it offers a way to ask for a review.',
    },
    'temporarily-banned': {
      state: 'WhatsApp has banned this number for some time',
      advice:
        'I wait until it is over and connect again by myself. Meanwhile send nothing from the phone to people who do not know you.',
    },
    outdated: {
      state: 'WhatsApp no longer accepts this version',
      advice: 'Update Shopbell to its newest version and restart it.',
    },
    'identity-refused': {
      state: 'WhatsApp refuses this device',
      advice: 'Restart Shopbell. If it happens again, remove the device on the phone and link again.',
    },
    'not-multi-device': {
      state: 'the phone’s WhatsApp is too old for linked devices',
      advice: 'Update WhatsApp on the shop’s phone, then link again.',
    },
    'pairing-expired': {
      state: 'nobody scanned the code, so I stopped asking for new ones',
      advice: 'Open the pairing page when you have the phone at hand: it shows a fresh code.',
    },
    'session-unreadable': {
      state: 'the stored WhatsApp login cannot be read',
      advice: 'Look into the log: it says what to do. I do not link again by myself, so nothing is overwritten.',
    },
    'shut-down': { state: 'shut down', advice: 'Start Shopbell again.' },
  },

  pairingPage: {
    title: 'The shop’s WhatsApp',
    steps: [
      'On the shop’s phone open WhatsApp.',
      'Android: ⋮ → Linked devices. iPhone: Settings → Linked devices.',
      'Tap “Link a device” and point the phone at this picture.',
    ],
    qrLabel: 'The code to scan',
    expires: 'New code in',
    secondsShort: 's',
    waitingForCode: 'Waiting for WhatsApp’s code …',
    codeTitle: 'No camera? Link with a code',
    codeHelp: 'The shop’s phone number, with country code:',
    codeButton: 'Get a code',
    codeShown: 'On the phone: Linked devices → Link a device → “Link with phone number instead”. Type this code:',
    codeWrongPhone: 'That is not a phone number. Write it with its country code, for example +34 600 000 001.',
    codeRefused: 'WhatsApp did not give a code. Check the number; wait a minute and try again, or scan the picture.',
    codeTooEarly: 'The connection to WhatsApp is not ready yet. Wait until the picture appears, then try again.',
    claimTitle: 'Who is the owner?',
    claimHelp: 'From your own phone, write this to the shop’s number in WhatsApp:',
    claimNote: 'The code works once, for 15 minutes. After that this page shows a new one.',
    causesTitle: 'It does not work?',
    causes: [
      'Phone and this page need the internet; a VPN on the phone can be in the way.',
      'At most four devices can be linked: remove one you no longer use.',
      'The code on the screen changes: scan the newest one.',
    ],
    linkedNote:
      'To try it, write “help” to the shop’s number from the owner’s phone. After that you can close this page.',
    since: 'since',
    retryAt: 'next try at',
  },
};

export type Texts = typeof en;
