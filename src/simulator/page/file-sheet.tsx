import { useEffect, useState } from 'preact/hooks';
import type { FileKind } from '../demo/page-state.ts';
import { Text } from './attach-sheets.tsx';
import type { Desk } from './desk.ts';
import { sizeOf } from './figures.ts';
import { Icon } from './icons.tsx';
import { fileNames } from './preview.ts';
import { Sheet } from './sheet.tsx';

interface FileSheetProps {
  readonly desk: Desk;
  readonly kind: FileKind;
  readonly file: File;
}

/** WhatsApp's own limit. */
const LONGEST_CAPTION = 1024;

/** The demo takes no larger files. */
const MOST_BYTES = 16_000_000;

/** A last look at a file before it is sent, with words to go with it. */
export function FileSheet({ desk, kind, file }: FileSheetProps) {
  const [caption, setCaption] = useState('');
  const [viewOnce, setViewOnce] = useState(false);
  const [seconds, setSeconds] = useState<number | undefined>();
  const [isSending, setSending] = useState(false);
  const isTooLarge = file.size > MOST_BYTES;
  const send = async (event: Event) => {
    event.preventDefault();
    if (isSending) {
      return;
    }
    setSending(true);
    const words = caption.trim() || undefined;
    const isDone = await desk.sendFile({
      kind,
      file,
      name: file.name,
      caption: words,
      viewOnce: viewOnce || undefined,
      seconds,
    });
    setSending(false);
    if (isDone) {
      desk.close();
    }
  };
  return (
    <Sheet title={`Send: ${fileNames[kind].toLowerCase()}`} close={desk.close}>
      <form class="phone-form" onSubmit={send}>
        <FileLook kind={kind} file={file} tellSeconds={setSeconds} />
        {file.size === 0 ? <p role="alert">This file is empty. Please choose another one.</p> : undefined}
        {isTooLarge ? <p role="alert">At most 16 MB go through here. Please choose a smaller file.</p> : undefined}
        {kind === 'audio' ? undefined : (
          <Text label="Caption" value={caption} set={setCaption} longest={LONGEST_CAPTION} />
        )}
        {kind === 'image' || kind === 'video' ? (
          <label class="phone-tick-line">
            <input
              type="checkbox"
              checked={viewOnce}
              onChange={({ currentTarget }) => setViewOnce(currentTarget.checked)}
            />
            View once
          </label>
        ) : undefined}
        <button type="submit" class="phone-action" disabled={isTooLarge || file.size === 0}>
          Send the file
        </button>
      </form>
    </Sheet>
  );
}

interface FileLookProps {
  readonly kind: FileKind;
  readonly file: File;
  readonly tellSeconds: (seconds: number) => void;
}

function FileLook({ kind, file, tellSeconds }: FileLookProps) {
  const url = useFileUrl(file);
  const [isBroken, setBroken] = useState(false);
  const onLoadedMetadata = ({ currentTarget }: { readonly currentTarget: HTMLMediaElement }) => {
    if (Number.isFinite(currentTarget.duration)) {
      tellSeconds(Math.max(1, Math.round(currentTarget.duration)));
    }
  };
  return (
    <>
      {kind === 'image' && url && !isBroken ? (
        <img class="phone-file-look" src={url} alt="What will be sent" onError={() => setBroken(true)} />
      ) : undefined}
      {isBroken ? <p role="alert">This is no picture that can be shown. It can be sent as a document.</p> : undefined}
      {kind === 'video' && url ? (
        // biome-ignore lint/a11y/useMediaCaption: it is the person's own film
        <video class="phone-file-look" src={url} controls playsInline onLoadedMetadata={onLoadedMetadata} />
      ) : undefined}
      {kind === 'audio' && url ? (
        // biome-ignore lint/a11y/useMediaCaption: it is the person's own sound
        <audio class="phone-file-look" src={url} controls onLoadedMetadata={onLoadedMetadata} />
      ) : undefined}
      <p class="phone-file-name">
        <Icon name="document" size={18} /> {file.name}, {sizeOf(file.size)}
      </p>
    </>
  );
}

function useFileUrl(file: File): string | undefined {
  const [url, setUrl] = useState<string | undefined>();
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
