import { QueryIds, S_WHATSAPP_NET } from '@whiskeysockets/baileys';
import { hours } from '../lib/time.ts';
import { newChatCap, timelock } from './account-limits.ts';
import type { Directory } from './directory.ts';
import type { FaultBoard } from './faults.ts';
import { bundleStanzas, readPreKeys, readSignedPreKey } from './key-bundle.ts';
import type { LinkedDevice } from './linked-device.ts';
import type { PostOffice } from './post-office.ts';
import { attribute, childBytes, childOf, childrenOf, fromBigEndian, type Stanza, stanza } from './stanza.ts';
import { answerUsync } from './usync-answer.ts';

/** How long a bot may use the media servers' names it was told. */
const MEDIA_TTL = hours(1);

interface Asked {
  readonly query: Stanza;
  readonly device: LinkedDevice;
  readonly directory: Directory;
  readonly post: PostOffice;
  readonly faults: FaultBoard;
}

type Answer = (asked: Asked) => readonly Stanza[] | undefined;

const nothing: Answer = () => [];

/** Every query a bot may ask, by namespace, type and first child (facts: table of answers). */
const answers: Readonly<Record<string, Answer>> = {
  'w:p get ping': nothing,
  'encrypt get count': ({ device }) => [stanza('count', { value: String(device.shelf.count) })],
  'encrypt set registration': takePreKeys,
  'encrypt set rotate': takeSignedPreKey,
  'encrypt get digest': ({ device }) => [
    stanza('digest', {}, bundleStanzas({ ...device.shelf.keys, preKey: undefined })),
  ],
  'encrypt get key': giveBundles,
  'passive set active': nothing,
  'passive set passive': nothing,
  'usync get usync': ({ query, directory, faults }) => {
    const answer = answerUsync(query, directory, faults.current.unknown);
    return answer && [answer];
  },
  'abt get props': () => [stanza('props', { hash: 'simulated' }, [])],
  'blocklist get -': () => [stanza('list')],
  'blocklist set item': nothing,
  'privacy get privacy': () => [stanza('privacy', {}, [stanza('category', { name: 'readreceipts', value: 'all' })])],
  'privacy set privacy': nothing,
  'privacy set tokens': nothing,
  'w:sync:app:state set sync': answerAppState,
  'w:m set media_conn': ({ post }) => [
    stanza('media_conn', { auth: 'simulated', ttl: String(MEDIA_TTL / 1000) }, [
      stanza('host', { hostname: post.media.hostname, maxContentLengthBytes: '100000000' }),
    ]),
  ],
  'w:mex get query': answerGraph,
  'fb:thrift_iq get order': ({ query, post }) => [post.orders.answer(query)],
  'w:profile:picture get picture': () => [stanza('error', { code: '404', text: 'item-not-found' })],
  'w:profile:picture set picture': () => [stanza('picture', { id: '1' })],
  'status set status': nothing,
  'disappearing_mode set disappearing_mode': nothing,
  'w:stats - add': nothing,
  'urn:xmpp:whatsapp:dirty set clean': nothing,
  'w:biz get business_profile': () => [stanza('business_profile')],
  'w:g2 get participating': () => [stanza('groups')],
  'md set remove-companion-device': nothing,
};

/** What has to happen after an answer has been sent. */
const consequences: Readonly<Record<string, (asked: Asked) => void>> = {
  'passive set active': ({ device }) => device.announceBacklog(),
  'md set remove-companion-device': ({ device, post }) => {
    const { socket } = device;
    post.unlink(device);
    socket?.cut();
  },
};

export interface QueryAnswer {
  /** Missing when the query stays without an answer on purpose. */
  readonly reply: Stanza | undefined;
  readonly afterwards: (() => void) | undefined;
}

/** The answer to a query of a linked device; `undefined` when this server does not know one. */
export function answerQuery(query: Stanza, context: Omit<Asked, 'query'>): QueryAnswer | undefined {
  const { xmlns = '-', type = '-', id } = query.attrs;
  const name = `${xmlns} ${type} ${childrenOf(query)[0]?.tag ?? '-'}`;
  const asked = { ...context, query };
  const content = answers[name]?.(asked);
  if (!content) {
    return undefined;
  }
  const consequence = consequences[name];
  const isUnanswered = context.faults.current.unanswered.includes(name);
  return {
    reply: isUnanswered ? undefined : stanza('iq', { from: S_WHATSAPP_NET, id, type: 'result' }, content),
    afterwards: consequence && (() => consequence(asked)),
  };
}

function takePreKeys({ query, device }: Asked): readonly Stanza[] {
  const keys = {
    registrationId: fromBigEndian(childBytes(query, 'registration')),
    identity: childBytes(query, 'identity'),
    signedPreKey: readSignedPreKey(childOf(query, 'skey')),
  };
  device.shelf.stock(keys, readPreKeys(childOf(query, 'list')));
  return [];
}

function takeSignedPreKey({ query, device }: Asked): readonly Stanza[] {
  device.shelf.rotate(readSignedPreKey(childOf(childOf(query, 'rotate'), 'skey')));
  return [];
}

/** facts: the address is given back as asked, and an unknown one makes the client's whole fetch fail. */
function giveBundles({ query, directory, faults }: Asked): readonly Stanza[] {
  const users = childrenOf(childOf(query, 'key'), 'user').map((user) => {
    const jid = attribute(user, 'jid');
    const bundle = directory.takeBundle(jid);
    const unknown = [stanza('error', { code: '404', text: 'item-not-found' })];
    const isExhausted = faults.current.prekeys === 'exhausted';
    const given = isExhausted && bundle ? { ...bundle, preKey: undefined } : bundle;
    return stanza('user', { jid }, given ? bundleStanzas(given) : unknown);
  });
  return [stanza('list', {}, users)];
}

/** The account's settings are kept by nobody here: changes are accepted and never come back. */
function answerAppState({ query }: Asked): readonly Stanza[] {
  const collections = childrenOf(childOf(query, 'sync'), 'collection').map((collection) => {
    const { name, version = '0' } = collection.attrs;
    const changed = childOf(collection, 'patch') !== undefined;
    return stanza('collection', { name, version: String(Number(version) + (changed ? 1 : 0)) });
  });
  return [stanza('sync', {}, collections)];
}

function answerGraph({ query, faults }: Asked): readonly Stanza[] | undefined {
  const data: Readonly<Record<string, object>> = {
    [QueryIds.REACHOUT_TIMELOCK]: { xwa2_fetch_account_reachout_timelock: timelock(faults.current) },
    [QueryIds.MESSAGE_CAPPING_INFO]: { xwa2_message_capping_info: newChatCap(faults.current) },
  };
  const answer = data[childOf(query, 'query')?.attrs['query_id'] ?? ''];
  return answer && [stanza('result', {}, Buffer.from(JSON.stringify({ data: answer })))];
}
