import { describeLink } from '../../src/admin/describe-link.ts';
import { startApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import type { PhoneNumber } from '../../src/contacts/phone.ts';
import type { Database, OpenDatabase } from '../../src/database/database.ts';
import type { Log } from '../../src/lib/log.ts';
import { systemClock } from '../../src/lib/time.ts';
import type { Link } from '../../src/outbox/link.ts';
import type { WhatsAppServer } from '../../src/simulator/whatsapp-server.ts';
import { textsIn } from '../../src/texts/texts.ts';
import { makeTerminalDisplay } from '../../src/whatsapp/show-in-terminal.ts';

interface BotParts {
  readonly opened: OpenDatabase;
  readonly whatsapp: WhatsAppServer;
  readonly log: Log;
  readonly owners: readonly PhoneNumber[];
  readonly shopName: string;
  readonly config: Pick<Config, 'HOST' | 'ENCRYPTION_KEY' | 'SHOP_LANGUAGE'>;
  /** Where the bot keeps its files. */
  readonly directory: string;
  readonly port: number;
  readonly token: string;
  readonly print: (text: string) => void;
}

/** The code that the bot shows, as a text, and whether it had a login that is no longer valid. */
interface Code {
  readonly qr: string;
  readonly again: boolean;
}

/** The running bot, as the demo sees it from outside. */
export interface Bot {
  readonly port: number;
  readonly database: Database;
  /** The code to scan, once it has been drawn; never when the bot still has its login. */
  readonly codeDrawn: Promise<Code>;
  readonly linked: Promise<void>;
  stop(): Promise<void>;
}

/** Starts the same program as `npm start`, and lets it tell of its link in the terminal as it always does. */
export async function startBot(parts: BotParts): Promise<Bot> {
  const { opened, whatsapp, print } = parts;
  const codeDrawn = promised<Code>();
  const linked = promised<void>();
  const words = textsIn(parts.config.SHOP_LANGUAGE ?? 'en');
  let code: Code | undefined;
  let stopping = false;
  const display = makeTerminalDisplay(
    (text) => {
      print(text);
      // The picture is the only thing with several lines.
      if (code && text.includes('\n')) {
        codeDrawn.keep(code);
      }
    },
    (link) => describeLink(link, words),
  );
  const onLink = (link: Link) => {
    if (link.state === 'pairing') {
      code = { qr: link.qr, again: link.after === 'logged-out' };
    }
    if (link.state === 'linked') {
      linked.keep();
    }
    // Its last words are advice to start it again, which the demo is about to do, or is not meant to.
    if (!stopping) {
      display(link);
    }
  };
  const app = await startApp({
    opened,
    dataDirectory: parts.directory,
    clock: systemClock,
    log: parts.log,
    owners: parts.owners,
    firstSettings: {
      'shop.name': parts.shopName,
      'shop.timezone': Intl.DateTimeFormat().resolvedOptions().timeZone,
      'shop.language': parts.config.SHOP_LANGUAGE,
    },
    whatsapp: { encryptionKey: parts.config.ENCRYPTION_KEY, url: whatsapp.url, rootKey: whatsapp.rootKey },
    web: { host: parts.config.HOST, port: parts.port, token: parts.token },
    onLink,
  });
  return {
    port: app.port,
    database: opened.database,
    codeDrawn: codeDrawn.promise,
    linked: linked.promise,
    stop() {
      stopping = true;
      return app.stop();
    },
  };
}

interface Promised<Value> {
  readonly promise: Promise<Value>;
  readonly keep: (value: Value) => void;
}

function promised<Value>(): Promised<Value> {
  let keep: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => {
    keep = resolve;
  });
  return { promise, keep };
}
