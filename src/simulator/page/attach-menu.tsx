import type { FileKind, Sample } from '../demo/page-state.ts';
import type { Desk } from './desk.ts';
import { Icon, type IconName } from './icons.tsx';
import { Menu } from './menu.tsx';
import { pickFile } from './pick-file.ts';

interface Attachment {
  readonly icon: IconName;
  readonly label: string;
  readonly choose: (desk: Desk) => unknown;
}

const attachments: readonly Attachment[] = [
  { icon: 'photo', label: 'Photo', choose: (desk) => chooseFile(desk, 'image', 'image/*') },
  { icon: 'video', label: 'Video', choose: (desk) => chooseFile(desk, 'video', 'video/*') },
  { icon: 'document', label: 'Document', choose: (desk) => chooseFile(desk, 'document', '') },
  { icon: 'sound', label: 'Sound', choose: (desk) => chooseFile(desk, 'audio', 'audio/*') },
  { icon: 'place', label: 'Location', choose: (desk) => desk.open({ kind: 'location' }) },
  { icon: 'person', label: 'Contact', choose: (desk) => desk.open({ kind: 'contact' }) },
  { icon: 'poll', label: 'Poll', choose: (desk) => desk.open({ kind: 'poll' }) },
  { icon: 'cart', label: 'Catalogue order', choose: (desk) => sendNow(desk, () => desk.send({ kind: 'order' })) },
  {
    icon: 'tag',
    label: 'Product question',
    choose: (desk) => sendNow(desk, () => desk.send({ kind: 'product' })),
  },
  { icon: 'phone', label: 'Missed call', choose: (desk) => sendNow(desk, () => call(desk, false)) },
  { icon: 'video', label: 'Missed video call', choose: (desk) => sendNow(desk, () => call(desk, true)) },
];

const samples: readonly Attachment[] = [
  { icon: 'photo', label: 'A photo of a mug', choose: (desk) => sendSample(desk, 'photo') },
  { icon: 'microphone', label: 'A voice note', choose: (desk) => sendSample(desk, 'voice') },
  { icon: 'document', label: 'A PDF', choose: (desk) => sendSample(desk, 'document') },
  { icon: 'sticker', label: 'A sticker', choose: (desk) => sendSample(desk, 'sticker') },
  { icon: 'video', label: 'A video', choose: (desk) => sendSample(desk, 'video') },
  { icon: 'sound', label: 'A sound', choose: (desk) => sendSample(desk, 'sound') },
];

/** All that one can send besides words. */
export function AttachMenu({ desk }: { readonly desk: Desk }) {
  return (
    <Menu class="phone-attach" label="Attach" close={desk.close}>
      <div class="phone-attach-kinds">
        {attachments.map((attachment) => (
          <AttachItem key={attachment.label} attachment={attachment} desk={desk} />
        ))}
      </div>
      <p>No file at hand? Send one of ours:</p>
      <div class="phone-attach-samples">
        {samples.map((attachment) => (
          <AttachItem key={attachment.label} attachment={attachment} desk={desk} />
        ))}
      </div>
    </Menu>
  );
}

function AttachItem({ attachment, desk }: { readonly attachment: Attachment; readonly desk: Desk }) {
  const { icon, label, choose } = attachment;
  return (
    <button type="button" role="menuitem" tabIndex={-1} onClick={() => choose(desk)}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}

async function chooseFile(desk: Desk, fileKind: FileKind, accept: string): Promise<void> {
  const file = await pickFile(accept);
  if (file) {
    desk.open({ kind: 'file', fileKind, file });
  }
}

function sendSample(desk: Desk, sample: Sample): Promise<void> {
  return sendNow(desk, () => desk.send({ kind: 'sample', sample }));
}

async function sendNow(desk: Desk, send: () => Promise<boolean>): Promise<void> {
  desk.close();
  await send();
}

function call({ act, phone, chat }: Desk, video: boolean): Promise<boolean> {
  return act({ act: 'call', phone, to: chat, video });
}
