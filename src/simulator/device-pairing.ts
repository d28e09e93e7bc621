import { randomBytes } from 'node:crypto';
import { binaryNodeToString, Curve, type proto, S_WHATSAPP_NET } from '@whiskeysockets/baileys';
import { type Clock, seconds } from '../lib/time.ts';
import { hiddenAddress, parseAddress, phoneAddress } from './addresses.ts';
import type { CompanionSocket } from './companion-socket.ts';
import { signDevice } from './device-identity.ts';
import type { Directory } from './directory.ts';
import type { FaultBoard } from './faults.ts';
import { LinkedDevice } from './linked-device.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Observations } from './observations.ts';
import { openBundle, unwrapWithCode, wrapWithCode } from './pairing-code.ts';
import type { Phone } from './phone.ts';
import type { DeviceKeys } from './prekey-shelf.ts';
import {
  attribute,
  childBytes,
  childOf,
  fromBigEndian,
  type Stanza,
  StanzaNotUnderstood,
  stanza,
  unixTime,
} from './stanza.ts';

/** facts: a bot gets six references, each the heart of one QR code. */
const QR_REFERENCES = 6;
/** A bot that does not answer within this time was killed in the middle of linking. */
const ANSWER_LIMIT = seconds(20);
/** facts: after linking the bot is told to connect again. */
const RESTART_REQUIRED = '515';

interface Parts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly faults: FaultBoard;
  readonly board: NoticeBoard;
  readonly observations: Observations;
}

/** The bot has asked for a code instead of showing a picture. */
interface CodeRequest {
  readonly number: string;
  readonly wrappedEphemeral: Buffer;
  readonly reference: Buffer;
  bundle: Buffer | undefined;
}

/** A connection of a bot that is not linked to anybody yet. */
interface Candidate {
  readonly socket: CompanionSocket;
  readonly keys: DeviceKeys;
  readonly references: readonly string[];
  /** What it answered to the server's own queries, by id. */
  readonly answers: Map<string, Stanza>;
  codeRequest: CodeRequest | undefined;
  gone: boolean;
}

/** Why a phone could not link a bot, as the person who scans or types would see it. */
export class LinkingFailed extends Error {
  override readonly name = 'LinkingFailed';
}

/** Links bots to phones, by QR code or by pairing code. */
export class DevicePairing {
  readonly #parts: Parts;
  readonly #candidates = new Set<Candidate>();
  #queries = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Takes the connection of a bot that wants to be linked, and gives it what its QR codes are made of. */
  welcome(socket: CompanionSocket, data: proto.ClientPayload.IDevicePairingRegistrationData): void {
    const references = Array.from({ length: QR_REFERENCES }, () => `2@${randomBytes(32).toString('base64url')}`);
    const candidate: Candidate = {
      socket,
      keys: readKeys(data),
      references,
      answers: new Map(),
      codeRequest: undefined,
      gone: false,
    };
    this.#candidates.add(candidate);
    socket.setOwner({
      hear: (heard) => this.#hear(candidate, heard),
      closed: () => {
        candidate.gone = true;
        this.#candidates.delete(candidate);
        this.#parts.board.changed();
      },
    });
    const refs = references.map((reference) => stanza('ref', {}, Buffer.from(reference)));
    this.#ask(candidate, stanza('pair-device', {}, refs));
  }

  /** What happens when the phone's camera has read the QR code. */
  async linkByQr(phone: Phone, qrText: string): Promise<LinkedDevice> {
    const [reference = '', noiseKey, identity, secret = ''] = qrText.slice(qrText.indexOf('#') + 1).split(',');
    const candidate = [...this.#candidates].find(({ references }) => references.includes(reference));
    if (!candidate) {
      throw new LinkingFailed('No bot shows this QR code any more');
    }
    const isGenuine =
      candidate.socket.clientKey?.toString('base64') === noiseKey &&
      Buffer.from(candidate.keys.identity).toString('base64') === identity;
    if (!isGenuine) {
      throw new LinkingFailed('The QR code does not belong to the bot that asked for it');
    }
    return await this.#link(phone, candidate, Buffer.from(secret, 'base64'));
  }

  /** What happens when the owner types the eight characters. */
  async linkByCode(phone: Phone, code: string): Promise<LinkedDevice> {
    const candidate = [...this.#candidates].findLast(({ codeRequest }) => codeRequest?.number === phone.number);
    const request = candidate?.codeRequest;
    if (!candidate || !request) {
      throw new LinkingFailed('No bot waits for a code of this number');
    }
    const companionEphemeral = await unwrapWithCode(request.wrappedEphemeral, code);
    const ephemeral = Curve.generateKeyPair();
    const wrapped = await wrapWithCode(ephemeral.public, code);
    candidate.socket.send(this.#primaryHello(phone, request, wrapped));
    const bundle = await this.#answered(candidate, () => request.bundle);
    const opened = openBundle(bundle, ephemeral, companionEphemeral, phone.signal.identity);
    if (!opened?.companionIdentity.equals(candidate.keys.identity)) {
      throw new LinkingFailed('This is not the code that the bot shows');
    }
    return await this.#link(phone, candidate, opened.advSecret);
  }

  async #link(phone: Phone, candidate: Candidate, advSecret: Buffer): Promise<LinkedDevice> {
    const { clock, directory, board } = this.#parts;
    const id = directory.takeDeviceId(phone);
    const signed = signDevice(phone.signal.identity, candidate.keys.identity, id, advSecret, clock.now());
    const query = this.#ask(
      candidate,
      stanza('pair-success', {}, [
        stanza('device-identity', {}, signed.sealed),
        stanza('device', { jid: phoneAddress(phone.number, id), lid: hiddenAddress(phone.lid, id) }),
        stanza('platform', { name: 'android' }),
        stanza('biz', { name: phone.name }),
      ]),
    );
    const answer = await this.#answered(candidate, () => candidate.answers.get(query));
    const confirmation = childBytes(childOf(answer, 'pair-device-sign'), 'device-identity');
    if (!signed.isConfirmedBy(confirmation)) {
      throw new LinkingFailed('The bot did not sign its own device');
    }
    const noiseKey = candidate.socket.clientKey ?? Buffer.alloc(0);
    const { number, lid } = phone;
    const device = new LinkedDevice({ number, lid, id, keyIndex: id, noiseKey, keys: candidate.keys }, this.#parts);
    this.#forgetLost(phone);
    directory.link(phone, device);
    this.#candidates.delete(candidate);
    candidate.socket.part(stanza('stream:error', { code: RESTART_REQUIRED }));
    board.changed();
    return device;
  }

  /** A bot that was linked and lost its memory before its first login will never fetch what is kept for it. */
  #forgetLost(phone: Phone): void {
    const { directory } = this.#parts;
    for (const lost of directory.devicesOf(phone).filter(({ hasLoggedIn }) => !hasLoggedIn)) {
      directory.unlink(lost);
      lost.unlink();
    }
  }

  /** Sends a query and gives back its id, under which the answer will be found. */
  #ask(candidate: Candidate, question: Stanza): string {
    this.#queries += 1;
    const id = `pairing-${this.#queries}`;
    const t = unixTime(this.#parts.clock.now());
    candidate.socket.send(stanza('iq', { from: S_WHATSAPP_NET, type: 'set', id, t, xmlns: 'md' }, [question]));
    return id;
  }

  #answered<Answer>(candidate: Candidate, find: () => Answer | undefined): Promise<Answer> {
    const look = () => {
      if (candidate.gone) {
        throw new LinkingFailed('The bot went away while it was being linked');
      }
      return find();
    };
    return this.#parts.board.until(look, 'the answer of the bot that is being linked', ANSWER_LIMIT);
  }

  #primaryHello(phone: Phone, { reference }: CodeRequest, wrapped: Buffer): Stanza {
    this.#queries += 1;
    const t = unixTime(this.#parts.clock.now());
    const attributes = { from: S_WHATSAPP_NET, type: 'link_code_companion_reg', id: `pairing-${this.#queries}`, t };
    return stanza('notification', attributes, [
      stanza('link_code_companion_reg', { stage: 'primary_hello' }, [
        stanza('link_code_pairing_ref', {}, reference),
        stanza('primary_identity_pub', {}, phone.signal.identity.public),
        stanza('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrapped),
      ]),
    ]);
  }

  /** facts: an unlinked bot pings, answers, asks for a code, and already tells its name and that it is there. */
  #hear(candidate: Candidate, heard: Stanza): void {
    const { tag, attrs } = heard;
    if (tag === 'iq' && attrs['type'] === 'result') {
      candidate.answers.set(attribute(heard, 'id'), heard);
      this.#parts.board.changed();
    } else if (tag === 'iq') {
      this.#answer(candidate, heard);
    } else if (tag !== 'presence' && tag !== 'ib' && tag !== 'ack') {
      this.#parts.observations.unanswered.push(binaryNodeToString(heard));
    }
  }

  #answer(candidate: Candidate, query: Stanza): void {
    const content = query.attrs['xmlns'] === 'w:p' ? [] : this.#answerCodeRequest(candidate, query);
    if (!content) {
      this.#parts.observations.unanswered.push(binaryNodeToString(query));
    }
    const { id } = query.attrs;
    const unknown = [stanza('error', { code: '501', text: 'feature-not-implemented' })];
    candidate.socket.send(
      stanza('iq', { from: S_WHATSAPP_NET, id, type: content ? 'result' : 'error' }, content ?? unknown),
    );
    this.#parts.board.changed();
  }

  #answerCodeRequest(candidate: Candidate, query: Stanza): readonly Stanza[] | undefined {
    const request = childOf(query, 'link_code_companion_reg');
    switch (request?.attrs['stage']) {
      case 'companion_hello': {
        const reference = randomBytes(16);
        candidate.codeRequest = {
          number: parseAddress(attribute(request, 'jid'))?.user ?? '',
          wrappedEphemeral: childBytes(request, 'link_code_pairing_wrapped_companion_ephemeral_pub'),
          reference,
          bundle: undefined,
        };
        return [stanza('link_code_companion_reg', {}, [stanza('link_code_pairing_ref', {}, reference)])];
      }
      case 'companion_finish':
        if (candidate.codeRequest) {
          candidate.codeRequest.bundle = childBytes(request, 'link_code_pairing_wrapped_key_bundle');
        }
        return [];
      default:
        return undefined;
    }
  }
}

function readKeys(data: proto.ClientPayload.IDevicePairingRegistrationData): DeviceKeys {
  const { eRegid, eIdent, eSkeyId, eSkeyVal, eSkeySig } = data;
  if (!eRegid || !eIdent || !eSkeyId || !eSkeyVal || !eSkeySig) {
    throw new StanzaNotUnderstood('A registration without keys');
  }
  return {
    registrationId: fromBigEndian(eRegid),
    identity: eIdent,
    signedPreKey: { id: fromBigEndian(eSkeyId), value: eSkeyVal, signature: eSkeySig },
  };
}
