import type { Wording } from '../opt-out-grammar.ts';

export const arabic: Wording = {
  language: 'ar',
  apostrophe: 'join',
  fillers: 'zzz',
  words: { message: '', other: '', loose: '', break: '' },
  clear: [],
  leaning: [],
  alone: [],
  unclear: [],
  vetoes: [],
  shields: [],
  contrasts: [],
};
