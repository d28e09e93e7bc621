import type { proto } from '@whiskeysockets/baileys';
import type { Clock } from '../lib/time.ts';
import { parseAddress, phoneAddress } from './addresses.ts';
import type { CompanionSocket } from './companion-socket.ts';
import type { DeviceDesk } from './device-desk.ts';
import type { Directory } from './directory.ts';
import type { FaultBoard, LoginFault } from './faults.ts';
import type { LinkedDevice } from './linked-device.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Observations } from './observations.ts';
import { type Stanza, stanza, unixTime } from './stanza.ts';

/** facts: the answer to a device that was removed or never finished linking. */
const UNKNOWN_DEVICE = 401;

interface Parts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly desk: DeviceDesk;
  readonly faults: FaultBoard;
  readonly board: NoticeBoard;
  readonly observations: Observations;
}

/** Lets a linked device in, or tells it why not. */
export function logIn(socket: CompanionSocket, payload: proto.ClientPayload, parts: Parts): void {
  const fault = parts.faults.takeLoginFault();
  const device = findDevice(socket, payload, parts.directory);
  if (fault || !device) {
    socket.setOwner({ hear: () => undefined, closed: () => undefined });
    if (fault?.kind !== 'silence') {
      socket.part(refusalOf(fault));
    }
    parts.board.changed();
    return;
  }
  const { clock, desk, board, observations } = parts;
  observations.socketOpened(device.jid);
  device.attach(socket);
  socket.setOwner({
    hear: (heard) => {
      if (device.isOn(socket)) {
        desk.hear(device, heard);
      }
    },
    closed: () => {
      observations.socketClosed(device.jid);
      device.detach(socket);
      board.changed();
    },
  });
  socket.send(stanza('success', { t: unixTime(clock.now()), lid: device.lidJid, location: 'sim', props: '1' }));
  board.changed();
}

/** The number alone is not enough: the connection must use the Noise key with which the device was linked. */
function findDevice(
  { clientKey }: CompanionSocket,
  { username, device }: proto.ClientPayload,
  directory: Directory,
): LinkedDevice | undefined {
  const found = directory.deviceAt(parseAddress(phoneAddress(String(username), device ?? 0)));
  return found && clientKey?.equals(found.identity.noiseKey) ? found : undefined;
}

function refusalOf(fault: Exclude<LoginFault, { readonly kind: 'silence' }> | undefined): Stanza {
  if (fault?.kind === 'stream-error') {
    return stanza('stream:error', { code: String(fault.code) });
  }
  const { reason = UNKNOWN_DEVICE, code, expire } = fault ?? {};
  return stanza('failure', { reason: String(reason), code: code?.toString(), expire: expire?.toString() });
}
