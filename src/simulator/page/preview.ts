import type { Bubble, BubbleContent, FileKind } from '../demo/page-state.ts';
import { countOf, moneyOf } from './figures.ts';
import { plainText } from './formatting.ts';
import { lengthOf } from './times.ts';

/** A message in one line, as the list of chats and a quote show it. */
export interface Preview {
  readonly icon: PreviewIcon | undefined;
  readonly text: string;
}

type PreviewIcon =
  | 'bin'
  | 'once'
  | 'photo'
  | 'video'
  | 'sound'
  | 'microphone'
  | 'document'
  | 'sticker'
  | 'place'
  | 'person'
  | 'poll'
  | 'cart'
  | 'tag'
  | 'question';

export const fileNames: Readonly<Record<FileKind, string>> = {
  image: 'Photo',
  video: 'Video',
  audio: 'Sound',
  voice: 'Voice note',
  document: 'Document',
  sticker: 'Sticker',
};

const fileIcons: Readonly<Record<FileKind, PreviewIcon>> = {
  image: 'photo',
  video: 'video',
  audio: 'sound',
  voice: 'microphone',
  document: 'document',
  sticker: 'sticker',
};

export function previewOf(bubble: Bubble): Preview {
  const { deleted, mine, viewOnce, content, title } = bubble;
  if (deleted) {
    return { icon: 'bin', text: deletedText(mine) };
  }
  const { icon, text: kind } = kindPreview(content);
  const words = plainText(captionOf(bubble)) || plainText(title ?? '');
  return viewOnce ? { icon: 'once', text: kind || words } : { icon, text: words || kind };
}

/** The words of a message, unless its drawing says them already, as a poll does with its question. */
export function captionOf({ content, text }: Bubble): string {
  return saysItself(content).includes(text.trim()) ? '' : text;
}

export function deletedText(mine: boolean): string {
  return mine ? 'You deleted this message' : 'This message was deleted';
}

function saysItself(content: BubbleContent): readonly (string | undefined)[] {
  switch (content.kind) {
    case 'document':
      return [content.file.name];
    case 'location':
      return [content.name, content.address, [content.name, content.address].filter(Boolean).join(', ')];
    case 'contacts':
      return [content.people.map(({ name }) => name).join(', ')];
    case 'poll':
      return [content.question];
    case 'product':
      return [content.title];
    default:
      return [];
  }
}

function kindPreview(content: BubbleContent): Preview {
  switch (content.kind) {
    case 'text':
    case 'choice':
      return { icon: undefined, text: '' };
    case 'album':
      return { icon: 'photo', text: albumText(content) };
    case 'location':
      return { icon: 'place', text: content.live ? 'Live location' : (content.name ?? 'Location') };
    case 'contacts':
      return { icon: 'person', text: content.people.map(({ name }) => name).join(', ') || 'Contact' };
    case 'poll':
      return { icon: 'poll', text: content.question };
    case 'order':
      return { icon: 'cart', text: `${countOf(content.items, 'item')}, ${moneyOf(content.total, content.currency)}` };
    case 'product':
      return { icon: 'tag', text: content.title };
    case 'other':
      return { icon: 'question', text: 'A message that is not shown here' };
    default:
      return filePreview(content);
  }
}

function filePreview({ kind, file }: Extract<BubbleContent, { kind: FileKind }>): Preview {
  const isTimed = kind === 'voice' && file.seconds !== undefined;
  const name = kind === 'document' && file.name ? file.name : fileNames[kind];
  return { icon: fileIcons[kind], text: isTimed ? `${name} (${lengthOf(file.seconds ?? 0)})` : name };
}

export function albumText({ images, videos }: { readonly images: number; readonly videos: number }): string {
  const parts = [images && countOf(images, 'photo'), videos && countOf(videos, 'video')];
  return parts.filter(Boolean).join(', ') || 'Album';
}
