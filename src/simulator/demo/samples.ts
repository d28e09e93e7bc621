import { readFile } from 'node:fs/promises';
import type { FileLetter } from '../content.ts';
import type { Sample } from './page-state.ts';

/** Files of our own making: drawn, printed, spoken by a machine and plucked for this demo. */
const folder = new URL('../page/samples/', import.meta.url);

const samples: Readonly<Record<Sample, Omit<FileLetter, 'bytes'> & { readonly file: string }>> = {
  photo: { kind: 'image', file: 'photo.jpg', mime: 'image/jpeg' },
  video: { kind: 'video', file: 'video.mp4', mime: 'video/mp4', seconds: 2 },
  voice: { kind: 'voice', file: 'voice.ogg', mime: 'audio/ogg; codecs=opus', seconds: 4 },
  sound: { kind: 'audio', file: 'sound.mp3', mime: 'audio/mpeg', seconds: 2 },
  document: { kind: 'document', file: 'document.pdf', mime: 'application/pdf', name: 'Our mugs.pdf' },
  sticker: { kind: 'sticker', file: 'sticker.webp', mime: 'image/webp' },
};

/** A file that comes with the demo, as a person would send it. */
export async function readSample(sample: Sample): Promise<FileLetter> {
  const { file, ...letter } = samples[sample];
  return { ...letter, bytes: await readFile(new URL(file, folder)) };
}
