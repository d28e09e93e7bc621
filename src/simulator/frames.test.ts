import { expect, it } from 'vitest';
import { FrameReader, frame, PROLOGUE } from './frames.ts';

const hello = Buffer.from('hello');
const finish = Buffer.from('finish');

it('finds several frames in one websocket message', () => {
  const reader = new FrameReader();

  expect(reader.read(Buffer.concat([PROLOGUE, frame(hello), frame(finish)]))).toEqual([hello, finish]);
});

it('puts a frame together that comes byte by byte', () => {
  const reader = new FrameReader();
  const bytes = [...Buffer.concat([PROLOGUE, frame(hello)])];

  expect(bytes.flatMap((byte) => reader.read(Buffer.from([byte])))).toEqual([hello]);
});

it('skips the routing information of a client that was here before', () => {
  const reader = new FrameReader();
  const routing = Buffer.concat([Buffer.from('ED'), Buffer.from([0, 1]), frame(Buffer.from('somewhere'))]);

  expect(reader.read(Buffer.concat([routing, PROLOGUE, frame(hello)]))).toEqual([hello]);
});

it('does not speak with anybody else', () => {
  const reader = new FrameReader();

  expect(() => reader.read(Buffer.from('GET / HTTP/1.1'))).toThrow('does not begin like a WhatsApp client');
});
