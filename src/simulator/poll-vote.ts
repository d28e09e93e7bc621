import { createHash, randomBytes } from 'node:crypto';
import { aesEncryptGCM, decryptPollVote, hmacSign, proto } from '@whiskeysockets/baileys';

/** To whom a vote belongs. Both addresses are part of the key, in the form in which the chat is addressed. */
export interface VoteContext {
  readonly pollId: string;
  readonly secret: Uint8Array;
  readonly creator: string;
  readonly voter: string;
}

/** The inverse of Baileys' `decryptPollVote`. */
export function sealVote(options: readonly string[], context: VoteContext): proto.Message.IPollEncValue {
  const { pollId, secret, creator, voter } = context;
  const use = Buffer.concat([Buffer.from(pollId + creator + voter), Buffer.from('Poll Vote'), Buffer.from([1])]);
  const key = hmacSign(use, hmacSign(secret, new Uint8Array(32)));
  const encIv = randomBytes(12);
  const vote = proto.Message.PollVoteMessage.encode({ selectedOptions: options.map(digestOf) }).finish();
  return { encPayload: aesEncryptGCM(vote, key, encIv, Buffer.from(`${pollId}\0${voter}`)), encIv };
}

/** The names of the options voted for, or `undefined` when the vote is not for this poll and these two people. */
export function openVote(
  { encPayload, encIv }: proto.Message.IPollEncValue,
  options: readonly string[],
  { pollId, secret, creator, voter }: VoteContext,
): readonly string[] | undefined {
  if (!encPayload || !encIv) {
    return undefined;
  }
  try {
    const { selectedOptions } = decryptPollVote(
      { encPayload, encIv },
      { pollCreatorJid: creator, pollMsgId: pollId, pollEncKey: secret, voterJid: voter },
    );
    return options.filter((option) => selectedOptions.some((digest) => digestOf(option).equals(digest)));
  } catch {
    // A key made for other addresses does not open it: the caller tries the next pair.
    return undefined;
  }
}

function digestOf(option: string): Buffer {
  return createHash('sha256').update(option).digest();
}

interface Poll {
  readonly question: string;
  readonly options: readonly string[];
  readonly secret: Uint8Array | undefined;
  /** How many options one person may choose; 0 for any number. */
  readonly selectable: number;
}

/** The poll inside a message, with the secret that its votes are encrypted with. */
export function pollOf(content: proto.IMessage): Poll | undefined {
  const poll = content.pollCreationMessageV3 ?? content.pollCreationMessageV2 ?? content.pollCreationMessage;
  if (!poll) {
    return undefined;
  }
  return {
    question: poll.name ?? '',
    options: (poll.options ?? []).map(({ optionName }) => optionName ?? ''),
    secret: content.messageContextInfo?.messageSecret ?? undefined,
    selectable: poll.selectableOptionsCount ?? 1,
  };
}
