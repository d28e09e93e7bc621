import { useEffect, useRef } from 'preact/hooks';
import type { Bubble, ChatState, PhoneState } from '../demo/page-state.ts';
import { AttachMenu } from './attach-menu.tsx';
import { ContactSheet, LocationSheet, PollSheet } from './attach-sheets.tsx';
import { ChoiceSheet } from './choices.tsx';
import type { Desk, MessageOverlay, Overlay } from './desk.ts';
import { FileSheet } from './file-sheet.tsx';
import { Video } from './file-view.tsx';
import { Icon } from './icons.tsx';
import { MessageMenu } from './message-menu.tsx';
import { captionOf } from './preview.ts';
import { Sheet } from './sheet.tsx';

interface ChatOverlayProps {
  readonly overlay: Overlay;
  readonly desk: Desk;
  readonly chat: ChatState;
  readonly everybody: readonly PhoneState[];
  readonly now: Date;
}

/** What lies over a chat, and the veil between. A touch on the veil puts it away. */
export function ChatOverlay(props: ChatOverlayProps) {
  const { overlay, desk } = props;
  return (
    <div class="phone-over" data-over={overlay.kind}>
      <button type="button" class="phone-veil" aria-label="Close" tabIndex={-1} onClick={desk.close} />
      <OverlayBody {...props} />
    </div>
  );
}

function OverlayBody({ overlay, desk, chat, everybody, now }: ChatOverlayProps) {
  switch (overlay.kind) {
    case 'attach':
      return <AttachMenu desk={desk} />;
    case 'file':
      return <FileSheet desk={desk} kind={overlay.fileKind} file={overlay.file} />;
    case 'location':
      return <LocationSheet desk={desk} />;
    case 'contact':
      return <ContactSheet desk={desk} everybody={everybody} />;
    case 'poll':
      return <PollSheet desk={desk} />;
    default:
      return <OverMessage {...{ overlay, desk, now }} bubble={chat.bubbles.find(({ id }) => id === overlay.message)} />;
  }
}

interface OverMessageProps {
  readonly overlay: MessageOverlay;
  readonly desk: Desk;
  readonly now: Date;
  readonly bubble: Bubble | undefined;
}

function OverMessage({ overlay, desk, now, bubble }: OverMessageProps) {
  if (!bubble) {
    return undefined;
  }
  switch (overlay.kind) {
    case 'menu':
      return <MessageMenu bubble={bubble} desk={desk} now={now} top={overlay.top} />;
    case 'choices':
      return <ChoiceSheet bubble={bubble} desk={desk} list={overlay.list} />;
    case 'delete':
      return <DeleteSheet bubble={bubble} desk={desk} />;
    case 'picture':
      return <LargePicture bubble={bubble} desk={desk} />;
  }
}

function DeleteSheet({ bubble, desk }: { readonly bubble: Bubble; readonly desk: Desk }) {
  const remove = async () => {
    desk.close();
    await desk.act({ act: 'delete', phone: desk.phone, message: bubble.id });
  };
  return (
    <Sheet title="Delete this message?" close={desk.close}>
      <button type="button" class="phone-action phone-danger" onClick={remove}>
        Delete for everyone
      </button>
    </Sheet>
  );
}

/** A picture or a film over the whole page. */
function LargePicture({ bubble, desk }: { readonly bubble: Bubble; readonly desk: Desk }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { content } = bubble;
  const caption = captionOf(bubble);
  useEffect(() => dialog.current?.showModal(), []);
  if (!('file' in content)) {
    return undefined;
  }
  return (
    <dialog class="phone-large" ref={dialog} aria-label={caption || 'Picture'} onClose={desk.close}>
      <button type="button" class="phone-round" aria-label="Close the picture" onClick={() => dialog.current?.close()}>
        <Icon name="close" />
      </button>
      {content.kind === 'video' ? (
        <Video url={content.file.url} />
      ) : (
        <img src={content.file.url} alt={caption || 'Photo'} />
      )}
      {caption ? <p class="phone-large-words">{caption}</p> : undefined}
    </dialog>
  );
}
