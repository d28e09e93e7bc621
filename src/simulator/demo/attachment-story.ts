import { attachmentKind } from '../../conversations/attachment.ts';
import type { MessageDetails } from '../../conversations/message.ts';
import type { Attachment, LoggedMessage } from './inspected-facts.ts';
import { plural, sizeOf, timeOf, type View } from './inspection-words.ts';

/** What became of the file of a picture or the lines of an order. */
export function attachmentStory({ line, attachment }: LoggedMessage, view: View): readonly string[] {
  if (attachment) {
    return [stateInWords(attachment, view)];
  }
  const kind = attachmentKind(line.details as MessageDetails);
  return kind && line.arrival === 'history'
    ? [`${subject(kind)} not fetched: those of an old history have mostly gone, and nobody waits for them.`]
    : [];
}

function subject(kind: Attachment['kind']): string {
  return kind === 'file' ? 'Its file is' : 'Its lines are';
}

function stateInWords({ kind, state, file, bytes, problem, attempts, nextTryAt }: Attachment, view: View): string {
  const because = problem ? ` (${problem})` : '';
  switch (state) {
    case 'pending':
      return attempts === 0
        ? `${subject(kind)} fetched afterwards, so that the log never waits; it has not been tried yet.`
        : `${subject(kind)} not fetched yet: ${plural(attempts, 'try', 'tries')} failed${because}. The next is due at ${timeOf(nextTryAt, view)}.`;
    case 'stored':
      return kind === 'file'
        ? `Its file was fetched: ${bytes === null ? 'of unknown size' : sizeOf(bytes)}, stored as ${file ?? 'an unknown name'} in the bot’s data directory.`
        : 'Its lines were fetched: products, quantities and prices are with the line.';
    case 'too-large':
      return `${subject(kind)} too large to be kept${because}; it stays with WhatsApp and on the phones.`;
    case 'gone':
      return `${subject(kind)} not to be had${because}.`;
    case 'failed':
      return `${subject(kind)} not fetched: ${plural(attempts, 'try', 'tries')} failed${because}, and it is not tried any more.`;
  }
}
