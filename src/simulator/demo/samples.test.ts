import { expect, it } from 'vitest';
import type { FileKind, Sample } from './page-state.ts';
import { readSample } from './samples.ts';

interface Expected {
  readonly kind: FileKind;
  /** What a file of this type says of itself, and where. */
  readonly says: readonly (readonly [at: number, mark: string])[];
  readonly mime: string;
  readonly limit: number;
}

const KB = 1000;

it.each<[Sample, Expected]>([
  ['photo', { kind: 'image', mime: 'image/jpeg', says: [[0, '\xff\xd8\xff']], limit: 60 * KB }],
  ['video', { kind: 'video', mime: 'video/mp4', says: [[4, 'ftyp']], limit: 150 * KB }],
  [
    'voice',
    {
      kind: 'voice',
      mime: 'audio/ogg; codecs=opus',
      says: [
        [0, 'OggS'],
        [28, 'OpusHead'],
      ],
      limit: 40 * KB,
    },
  ],
  ['sound', { kind: 'audio', mime: 'audio/mpeg', says: [[0, 'ID3']], limit: 40 * KB }],
  ['document', { kind: 'document', mime: 'application/pdf', says: [[0, '%PDF-']], limit: 60 * KB }],
  [
    'sticker',
    {
      kind: 'sticker',
      mime: 'image/webp',
      says: [
        [0, 'RIFF'],
        [8, 'WEBP'],
      ],
      limit: 40 * KB,
    },
  ],
])('the sample of kind %s is what it says, and small', async (sample, { kind, mime, says, limit }) => {
  const letter = await readSample(sample);

  expect(letter).toMatchObject({ kind, mime });
  const bytes = Buffer.from(letter.bytes);
  for (const [at, mark] of says) {
    expect(bytes.toString('latin1', at, at + mark.length)).toBe(mark);
  }
  expect(bytes.length).toBeLessThan(limit);
});

it('the voice note is as long as it says', async () => {
  const { bytes, seconds } = await readSample('voice');

  // The last page of an Ogg file counts the samples up to its end; Opus has 48,000 a second.
  const file = Buffer.from(bytes);
  const samples = file.readBigUInt64LE(file.lastIndexOf('OggS') + 6);
  expect(Math.floor(Number(samples) / 48_000)).toBe(seconds);
});

it('the document has a name that people can read', async () => {
  expect((await readSample('document')).name).toBe('Our mugs.pdf');
});
