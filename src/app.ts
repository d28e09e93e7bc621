import { randomInt } from 'node:crypto';
import type { Vitals } from './admin/command.ts';
import { makeConfirmations } from './admin/confirmations.ts';
import { makeAdmin } from './admin/dispatch.flow.ts';
import { makeFirstOwner } from './admin/first-owner.flow.ts';
import { makeOperatorAlerts } from './admin/operator-alerts.flow.ts';
import { makeAlertSender } from './connectors/alert.ts';
import { countUntaken, forgetOldDeliveries, replayDeliveries } from './connectors/deliveries.store.ts';
import { makeDeliveriesWorker } from './connectors/deliveries.worker.ts';
import { makeAddressJudge, makeGoingOut } from './connectors/going-out.ts';
import { makeShopConnectors } from './connectors/shop-connectors.ts';
import { LARGEST_EVENTS, LARGEST_WEBHOOK, makeWebhookDesk } from './connectors/webhook-desk.ts';
import { resolveContacts } from './contacts/contacts.store.ts';
import { makeLidRefresh } from './contacts/lid-refresh.flow.ts';
import { countOwners, ensureOwners } from './contacts/members.store.ts';
import type { PhoneNumber } from './contacts/phone.ts';
import { makeFileEraser } from './conversations/file-eraser.flow.ts';
import { countCustomerMessages, lastReceivedAt } from './conversations/log.store.ts';
import type { Database, OpenDatabase } from './database/database.ts';
import type { Lease } from './database/lease.ts';
import { makeDelivery } from './delivery/delivery.flow.ts';
import { listen, makeWeb, type WebServer } from './http/server.ts';
import { addWebhooks } from './http/webhooks.ts';
import { listJobs } from './jobs/job-list.ts';
import { makeJobs } from './jobs/jobs.ts';
import type { Log } from './lib/log.ts';
import { type Clock, days, later } from './lib/time.ts';
import { describe, type WorkLoop } from './lib/work-loop.ts';
import type { Link } from './outbox/link.ts';
import { makeLinkNotices } from './outbox/link-notices.flow.ts';
import { countRefused, countWaiting, findSent, rememberWire } from './outbox/outbox.store.ts';
import type { Progress, Transport } from './outbox/transport.ts';
import { makeHearWishes } from './reception/opt-out.flow.ts';
import { makeReceive } from './reception/receive.flow.ts';
import { makeShopAsking } from './reception/shop-asking.flow.ts';
import { makeTakeReports } from './reception/shop-events.flow.ts';
import { makeLastKnownSettings } from './settings/last-known.flow.ts';
import type { SettingKey, Settings } from './settings/registry.ts';
import { readSettings, setFirstValues } from './settings/settings.store.ts';
import { readConnections } from './shop/connections.store.ts';
import { noAccess, type OutsideAccess } from './shop/outside-access.ts';
import { textsIn } from './texts/texts.ts';
import { makeAttachmentsWorker } from './whatsapp/attachments.worker.ts';
import { countArrivals, forgetHandled, replayFailed } from './whatsapp/journal.store.ts';
import { makeJournalWorker } from './whatsapp/journal.worker.ts';
import { makeSeal } from './whatsapp/seal.ts';
import { WhatsAppSession } from './whatsapp/session.ts';
import { readSessionTimes } from './whatsapp/session-times.store.ts';
import { fetchWebVersion } from './whatsapp/web-version.ts';

export interface AppParts {
  readonly opened: OpenDatabase;
  /** Where files are kept. */
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly owners: readonly PhoneNumber[];
  readonly firstSettings: Readonly<Partial<Record<SettingKey, string | undefined>>>;
  readonly whatsapp: {
    readonly encryptionKey: Buffer | undefined;
    readonly url: string | undefined;
    readonly rootKey: string | undefined;
  };
  readonly web: { readonly host: string; readonly port: number; readonly token: string };
  /** The shop, and the other systems outside; none of them when left out. */
  readonly outside?: OutsideAccess;
  /** Where the operator hears that WhatsApp is down. */
  readonly alertUrl?: string | undefined;
  readonly onLink: (link: Link) => void;
  /** The session cannot be cured from inside: only a new process can. */
  readonly onIncurable?: () => void;
}

export interface App {
  /** The port that the web server got. */
  readonly port: number;
  claimCode(): Promise<string | undefined>;
  /** Ends everything in order: no more arrivals, what is being done is finished, then another process may take over. */
  stop(): Promise<void>;
}

/**
 * The whole program: every part is made here and handed what it needs. Tests and the demo start the same.
 *
 * @throws PortUnavailable, SessionUnreadable
 */
export async function startApp(parts: AppParts): Promise<App> {
  const { opened, clock, log, owners } = parts;
  const { database } = opened;
  const { quietly, settled } = makeQuiet(log);
  const lastSettings = makeLastKnownSettings(database);
  const alerts = makeOperatorAlerts({ lastSettings, clock, log, send: alertSender(parts) });
  const lease = opened.lease({ name: 'whatsapp', clock, log });

  const whatsapp = new WhatsAppSession({
    ...sessionParts(parts, lease),
    onArrival: () => arrivals.wake(),
    onProgress: (progress) => quietly(shop.delivery.settle(progress).then(() => whenStale(progress, lidRefresh))),
    onCaughtUp: () => shop.delivery.wake(),
    watch: {
      ...makeLinkNotices({
        database,
        clock,
        quietly,
        received: () => arrivals.idle(),
        chooseMessageId: () => whatsapp.chooseMessageId(),
        onQueued: () => shop.delivery.wake(),
      }),
      onIncurable: () => quietly(alerts.tellOfRestart(whatsapp.link()).then(() => parts.onIncurable?.())),
    },
    onLink(link) {
      parts.onLink(link);
      alerts.note(link);
      // With the lease comes what another process, or a crash, has left.
      wakeAll(shop.delivery, trade.goingOut, trade.deliveries);
      if (link.state === 'linked') {
        wakeAll(attachments, lidRefresh);
        quietly(forgetHandled(database, clock.now()));
        quietly(learnLids(database, whatsapp, owners, clock.now()));
      }
    },
  });
  const shop = buildShop({ ...parts, lease, transport: whatsapp });
  const lidRefresh = makeLidRefresh({ database, clock, log, askForLids: (phones) => whatsapp.askForLids(phones) });
  // The code works only where messages are heard; a process that stands by has none to show.
  const claimCode = async () => (lease.tenure() ? shop.firstOwner.code(database, clock.now()) : undefined);
  const trade = makeTrade(parts, lease, whatsapp, shop);
  const { arrivals, attachments } = makeReceiving(parts, lease, whatsapp, shop, trade);
  const rooms = [arrivals, shop.delivery, attachments, lidRefresh, shop.fileEraser, ...trade.rooms];
  const web = makeShopWeb(parts, whatsapp, shop, claimCode, lastSettings);
  addWebhooks(web, trade.webhooks);

  await furnish(parts).then(lastSettings);
  const server: WebServer = await listen(web, parts.web.host, parts.web.port);
  const endings = [whatsapp, alerts, ...rooms].map((room) => () => room.stop());
  const stop = () =>
    endInOrder(log, [...endings, settled, () => server.close(), () => lease.release(), () => opened.close()]);
  try {
    await startAll([...rooms, whatsapp]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: server.port, claimCode, stop };
}

/** What the environment gives: first values of settings, and owners. */
async function furnish({ opened: { database }, firstSettings, owners, clock }: AppParts): Promise<void> {
  await setFirstValues(database, firstSettings, clock.now());
  await ensureOwners(database, owners, clock.now());
}

/** A random number from 0 to 1. */
function chance(): number {
  return randomInt(1_000_000) / 1_000_000;
}

/** What the session needs besides telling others what happens. */
function sessionParts({ opened: { database }, clock, log, dataDirectory, whatsapp }: AppParts, lease: Lease) {
  return {
    ...whatsapp,
    // Another WhatsApp than WhatsApp's own has no versions to ask for.
    ...(whatsapp.url === undefined ? { fetchWebVersion } : {}),
    database,
    lease,
    clock,
    log,
    dataDirectory,
    chance,
    findSent: (whatsappId: string) => findSent(database, whatsappId),
    rememberWire: (whatsappId: string, wire: Uint8Array) => rememberWire(database, whatsappId, wire),
  };
}

function alertSender({ alertUrl, clock, log }: AppParts) {
  return alertUrl === undefined ? undefined : makeAlertSender({ url: alertUrl, clock, log });
}

/** Runs what nobody waits for. What fails there is small: it is noted and left. */
function makeQuiet(log: Log) {
  const small = new Set<Promise<void>>();
  return {
    quietly(work: Promise<void>): void {
      const guarded = work
        .catch((error) => log.warn({ error: describe(error) }, 'Something small failed and is left'))
        .finally(() => small.delete(guarded));
      small.add(guarded);
    },
    settled: () => Promise.all(small),
  };
}

/** The way from the journal into the log, and what is fetched for it afterwards. */
function makeReceiving(
  parts: AppParts,
  lease: Lease,
  whatsapp: WhatsAppSession,
  shop: ReturnType<typeof buildShop>,
  { goingOut, deliveries }: ReturnType<typeof makeTrade>,
) {
  const { clock, log, dataDirectory } = parts;
  const { database } = parts.opened;
  const attachments = makeAttachmentsWorker({ database, clock, log, dataDirectory, whatsapp });
  const arrivals = makeJournalWorker({
    database,
    lease,
    clock,
    log,
    seal: makeSeal(parts.whatsapp.encryptionKey),
    ownIds: () => whatsapp.ownIds(),
    receive: shop.receive,
    onReceived: () => wakeAll(shop.delivery, attachments, goingOut, deliveries, shop.fileEraser),
  });
  return { arrivals, attachments };
}

/** What shops tell and are asked, and what the shop's own systems are told and asked. */
function makeTrade(
  { opened: { database }, clock, log, outside = noAccess }: AppParts,
  lease: Lease,
  whatsapp: WhatsAppSession,
  shop: ReturnType<typeof buildShop>,
) {
  const chooseMessageId = () => whatsapp.chooseMessageId();
  const onQueued = () => shop.delivery.wake();
  const parts = { database, lease, clock, log, chooseMessageId, onQueued, chance };
  const goingOut = makeGoingOut({ ...parts, outside });
  const country = async () => (await readSettings(database))['shop.country'] || undefined;
  const connectors = makeShopConnectors(outside, { ...parts, country });
  const takeReports = makeTakeReports({
    onUninstalled: (transaction, source, at, now) => asking.onUninstalled(transaction, source, at, now),
  });
  const asking = makeShopAsking({ ...parts, access: outside, connectors, askCrm: goingOut.askCrm, takeReports });
  const deliveries = makeDeliveriesWorker({
    ...parts,
    country,
    takeReports,
    onTaken: () => wakeAll(shop.delivery, goingOut, shop.fileEraser),
  });
  const desk = makeWebhookDesk({ database, clock, log, access: outside, onStored: () => deliveries.wake() });
  const jobs = makeJobs({
    ...parts,
    jobs: listJobs({
      orderPoll: {
        pollAll: (stop) => asking.orderPoll.pollAll(stop).finally(wakeOthers),
        recheckAll: (stop) => asking.orderPoll.recheckAll(stop).finally(wakeOthers),
      },
      deliveries: { look: deliveries.wake, forgetOld: () => forgetOldDeliveries(database, clock.now()) },
    }),
    timeZone: async () => (await readSettings(database))['shop.timezone'],
  });

  /** What was taken in may have queued messages and events, and doomed files. */
  function wakeOthers(): void {
    wakeAll(shop.delivery, goingOut, shop.fileEraser);
  }

  return {
    goingOut,
    deliveries,
    rooms: [deliveries, goingOut, jobs],
    webhooks: { ...desk, largestWebhook: LARGEST_WEBHOOK, largestEvents: LARGEST_EVENTS },
  };
}

function makeShopWeb(
  { opened, clock, log, web }: AppParts,
  whatsapp: WhatsAppSession,
  shop: ReturnType<typeof buildShop>,
  claimCode: () => Promise<string | undefined>,
  lastSettings: () => Promise<Settings>,
) {
  const { database, ping } = opened;
  return makeWeb({
    token: web.token,
    log,
    link: () => whatsapp.link(),
    texts: async () => textsIn((await lastSettings())['shop.language']),
    shopName: async () => (await lastSettings())['shop.name'],
    pingDatabase: ping,
    vitals: () => shop.vitals(database, clock.now()),
    // No code can be checked while the database is away.
    claimCode: () => claimCode().catch(() => undefined),
    resumePairing: () => whatsapp.resumePairing(),
    requestPairingCode: (phone) => whatsapp.requestPairingCode(phone),
  });
}

function whenStale({ kind }: Progress, lidRefresh: WorkLoop): void {
  if (kind === 'lid-stale') {
    lidRefresh.wake();
  }
}

function wakeAll(...rooms: readonly { wake(): void }[]): void {
  for (const room of rooms) {
    room.wake();
  }
}

async function startAll(rooms: readonly { start(): void | Promise<void> }[]): Promise<void> {
  for (const room of rooms) {
    await room.start();
  }
}

/** Ends one part after the other; what fails to end in order must not keep the others from it. */
async function endInOrder(log: Log, parts: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const end of parts) {
    await end().catch((error) => log.error({ error: describe(error) }, 'Something did not end in order'));
  }
}

/** The shop's own rooms, without the outside world: scenario tests start here, with a transport that is only a list. */
export function buildShop(parts: {
  readonly opened: Pick<OpenDatabase, 'database' | 'kind'>;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDirectory: string;
  readonly transport: Transport;
  readonly outside?: Pick<OutsideAccess, 'allowPrivateTargets'>;
}) {
  const { opened, lease, clock, log, dataDirectory, transport, outside = noAccess } = parts;
  const startedAt = clock.now();
  const vitals = (source: Database, now: Date) => takeVitals(opened.kind, source, startedAt, now, clock);
  const firstOwner = makeFirstOwner(() => String(randomInt(100_000, 1_000_000)));
  const admin = makeAdmin({
    transport,
    firstOwner,
    vitals,
    replayArrivals: async (source) => (await replayFailed(source)) + (await replayDeliveries(source)),
    judgeAddress: makeAddressJudge(outside.allowPrivateTargets),
    confirmations: makeConfirmations(() => String(randomInt(1000, 10_000))),
    dataDirectory,
    log,
  });
  const fileEraser = makeFileEraser({ database: opened.database, lease, clock, log, dataDirectory });
  const receive = makeReceive({ admin, hearWishes: makeHearWishes({ transport }) });
  const delivery = makeDelivery({ database: opened.database, lease, clock, transport, log });
  return { receive, delivery, firstOwner, vitals, fileEraser };
}

/** Owners are named by phone, and write under a LID: asked for once linked, so that their first message is recognised. */
async function learnLids(
  database: Database,
  whatsapp: WhatsAppSession,
  owners: readonly PhoneNumber[],
  now: Date,
): Promise<void> {
  const found = await whatsapp.findLids(owners.map((value) => ({ kind: 'phone', value })));
  const sightings = found.map(({ phone, lid }) => ({ addresses: [lid, phone] as const, name: undefined }));
  await database.transaction((transaction) => resolveContacts(transaction, sightings, now));
}

async function takeVitals(
  kind: OpenDatabase['kind'],
  database: Database,
  startedAt: Date,
  now: Date,
  clock: Clock,
): Promise<Vitals> {
  const asked = clock.now();
  const { pending, failed } = await countArrivals(database);
  const tookMs = clock.now().getTime() - asked.getTime();
  const untaken = await countUntaken(database);
  return {
    startedAt,
    memoryBytes: process.memoryUsage.rss(),
    database: { kind, tookMs },
    ...(await countCustomerMessages(database, later(now, -days(1)))),
    lastReceivedAt: await lastReceivedAt(database),
    waiting: await countWaiting(database),
    arrivalsPending: pending,
    arrivalsFailed: failed,
    deliveriesPending: untaken.pending,
    deliveriesFailed: untaken.failed,
    refused: await countRefused(database, later(now, -days(1))),
    owners: await countOwners(database),
    phoneSeenAt: (await readSessionTimes(database)).phoneSeenAt,
    connections: await readConnections(database),
  };
}
