import { useState } from 'preact/hooks';
import type { Bubble, BubbleContent, FileKind } from '../demo/page-state.ts';
import type { Desk } from './desk.ts';
import { sizeOf } from './figures.ts';
import { Icon } from './icons.tsx';
import { captionOf, fileNames } from './preview.ts';
import { useRemembered } from './remembered.ts';
import { SoundPlayer } from './sound-player.tsx';

type FileContent = Extract<BubbleContent, { kind: FileKind }>;

interface FileViewProps {
  readonly bubble: Bubble;
  readonly content: FileContent;
  readonly desk: Desk;
}

/** A file in a message, as its kind is shown. */
export function FileView({ bubble, content, desk }: FileViewProps) {
  const { kind, file } = content;
  if (bubble.viewOnce) {
    return <OnceView bubble={bubble} content={content} desk={desk} />;
  }
  switch (kind) {
    case 'image':
      return <Picture bubble={bubble} content={content} desk={desk} />;
    case 'sticker':
      return <img class="phone-sticker" src={file.url} alt="Sticker" />;
    case 'video':
      return <Video url={file.url} />;
    case 'document':
      return <Document content={content} />;
    default:
      return <SoundPlayer kind={kind} file={file} />;
  }
}

function Picture({ bubble, content, desk }: FileViewProps) {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) {
    return <p class="phone-once">This file is no picture that can be shown.</p>;
  }
  return (
    <button
      type="button"
      class="phone-picture"
      title="Show large"
      onClick={() => desk.open({ kind: 'picture', message: bubble.id })}
    >
      <img src={content.file.url} alt={captionOf(bubble) || 'Photo'} loading="lazy" onError={() => setBroken(true)} />
    </button>
  );
}

/** People do not speak on the samples, so there are no words to show below. */
export function Video({ url }: { readonly url: string }) {
  return (
    <video class="phone-video" src={url} controls playsInline preload="metadata" aria-label="Video">
      <track kind="captions" />
    </video>
  );
}

function Document({ content: { file } }: { readonly content: FileContent }) {
  const name = file.name ?? 'Document';
  return (
    <a class="phone-card phone-document" href={file.url} download={name} aria-label={`Download ${name}`}>
      <span class="phone-card-sign">
        <Icon name="document" />
      </span>
      <strong>{name}</strong>
      <span>
        {typeOf(file.mime, name)} · {sizeOf(file.bytes)}
      </span>
      <Icon name="download" size={20} />
    </a>
  );
}

/** Such as “PDF”. */
function typeOf(mime: string, name: string): string {
  const ending = /\.(\w{1,5})$/.exec(name)?.[1];
  return (ending ?? mime.split('/').at(-1) ?? mime).toUpperCase();
}

/** Who received it may open it a single time; who sent it, never. */
function OnceView({ bubble, content, desk }: FileViewProps) {
  const [opened, setOpened] = useRemembered(`phone:${desk.phone}:opened:${bubble.id}`, false);
  const name = fileNames[content.kind];
  const open = () => {
    setOpened(true);
    desk.open({ kind: 'picture', message: bubble.id });
  };
  if (bubble.mine || opened) {
    return (
      <p class="phone-once">
        <Icon name="once" /> {opened ? 'Opened' : `${name}, to be seen once`}
      </p>
    );
  }
  return (
    <button type="button" class="phone-once" onClick={open}>
      <Icon name="once" /> {name}: open once
    </button>
  );
}
