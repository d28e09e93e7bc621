import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LARGEST_FILE } from '../conversations/attachment.ts';
import {
  attachmentFailed,
  attachmentGone,
  fileStored,
  nextAttachment,
  nextAttachmentDue,
  orderStored,
  type WantedAttachment,
} from '../conversations/attachments.store.ts';
import type { OrderLine } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, type Milliseconds, minutes, seconds, within } from '../lib/time.ts';
import { describe, makeWorkLoop, type WorkLoop } from '../lib/work-loop.ts';
import { AttachmentGone } from './media.ts';

const FILE_WITHIN: Milliseconds = minutes(5);
/** In chats under a LID WhatsApp sometimes never answers (facts/whatsapp §7.3). */
const ORDER_WITHIN: Milliseconds = seconds(15);

/** What the worker needs of the session. */
export interface AttachmentSource {
  /** @throws AttachmentGone, NotLinked */
  openFile(wanted: WantedAttachment, signal: AbortSignal): Promise<Readable>;
  fetchOrder(orderId: string, token: string): Promise<readonly OrderLine[]>;
}

/**
 * Fetches files and the lines of orders for messages that are in the log already, one after another: whatever happens here, the log
 * does not wait. Files lie under `DATA_DIR/media`, by year and month of the message.
 */
export function makeAttachmentsWorker(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDirectory: string;
  readonly whatsapp: AttachmentSource & { link(): { readonly state: string } };
}): WorkLoop {
  const { database, clock, log, dataDirectory, whatsapp } = parts;
  let wokenAt: Date | undefined;
  const loop = makeWorkLoop({ name: 'Fetching files', work, clock, log });

  async function work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && whatsapp.link().state === 'linked') {
      const wanted = await nextAttachment(database, clock.now());
      if (!wanted) {
        wakeAt(await nextAttachmentDue(database), stop);
        return;
      }
      await fetchOne(wanted, stop);
    }
  }

  function wakeAt(due: Date | undefined, stop: AbortSignal): void {
    if (due && (!wokenAt || due < wokenAt)) {
      wokenAt = due;
      void clock.sleepUntil(due, stop).then(() => {
        wokenAt = undefined;
        loop.wake();
      });
    }
  }

  async function fetchOne(wanted: WantedAttachment, stop: AbortSignal): Promise<void> {
    try {
      await (wanted.kind === 'order' ? fetchOrder(wanted) : fetchFile(wanted, stop));
    } catch (error) {
      if (stop.aborted) {
        // No fault of the file: the next start takes it up.
        return;
      }
      if (error instanceof AttachmentGone) {
        await attachmentGone(database, wanted.messageId, error.state, error.message);
        return;
      }
      log.info({ message: wanted.messageId, error: describe(error) }, 'An attachment could not be fetched');
      await attachmentFailed(database, wanted, describe(error), clock.now());
    }
  }

  async function fetchOrder({ messageId, details }: WantedAttachment): Promise<void> {
    if (details.kind !== 'order') {
      return;
    }
    const lines = await within(clock, ORDER_WITHIN, whatsapp.fetchOrder(details.orderId, details.token));
    await database.transaction((transaction) => orderStored(transaction, messageId, lines));
  }

  async function fetchFile(wanted: WantedAttachment, stop: AbortSignal): Promise<void> {
    const given = new AbortController();
    const work = store(wanted, AbortSignal.any([given.signal, stop]));
    const bytes = await within(clock, FILE_WITHIN, work).finally(() => given.abort());
    await fileStored(database, wanted.messageId, fileName(wanted), bytes);
  }

  /** Written under another name first, so that a file that is there is whole. @returns its size */
  async function store(wanted: WantedAttachment, given: AbortSignal): Promise<number> {
    const path = resolve(dataDirectory, fileName(wanted));
    await mkdir(dirname(path), { recursive: true });
    const content = await whatsapp.openFile(wanted, given);
    try {
      const bytes = await copy(content, `${path}.part`, given);
      await rename(`${path}.part`, path);
      return bytes;
    } finally {
      await rm(`${path}.part`, { force: true });
    }
  }

  return loop;
}

async function copy(content: Readable, path: string, given: AbortSignal): Promise<number> {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      // What the sender said of the size may not be true.
      done(bytes > LARGEST_FILE ? new AttachmentGone('too-large', `more than ${LARGEST_FILE} bytes`) : null, chunk);
    },
  });
  await pipeline(content, counted, createWriteStream(path, { mode: 0o600 }), { signal: given });
  return bytes;
}

/** The ending shows what it is to whoever opens the folder; nothing in the name comes from the sender. */
const endings: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', '.jpg'],
  ['image/png', '.png'],
  ['image/webp', '.webp'],
  ['video/mp4', '.mp4'],
  ['audio/ogg', '.ogg'],
  ['audio/mpeg', '.mp3'],
  ['audio/mp4', '.m4a'],
  ['application/pdf', '.pdf'],
]);

function fileName({ messageId, sentAt, details }: WantedAttachment): string {
  const mime = ('mime' in details ? details.mime : undefined)?.split(';')[0]?.trim() ?? '';
  const [year, month] = sentAt.toISOString().split('-');
  return join('media', `${year}`, `${month}`, `${messageId}${endings.get(mime) ?? ''}`);
}
