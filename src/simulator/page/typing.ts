import { useEffect, useMemo } from 'preact/hooks';
import { doAct } from './act.ts';
import type { Desk } from './desk.ts';

/** Milliseconds: how often a phone repeats that somebody is typing, and the rest after which they have stopped. */
const REPEAT = 8000;
const REST = 3000;

export interface Typing {
  /** Something was typed. */
  readonly goOn: () => void;
  readonly stop: () => void;
}

/** Tells the other side that one is typing, seldom enough. Whether it heard so does not matter to the person who types. */
export function useTyping({ phone, chat }: Desk): Typing {
  const typing = useMemo(() => {
    let toldAt: number | undefined;
    let resting: ReturnType<typeof setTimeout> | undefined;
    const tell = (what: 'composing' | 'paused') => void doAct({ act: 'type', phone, to: chat, typing: what });
    const stop = () => {
      clearTimeout(resting);
      if (toldAt !== undefined) {
        toldAt = undefined;
        tell('paused');
      }
    };
    const goOn = () => {
      clearTimeout(resting);
      resting = setTimeout(stop, REST);
      if (toldAt === undefined || performance.now() - toldAt > REPEAT) {
        toldAt = performance.now();
        tell('composing');
      }
    };
    return { goOn, stop };
  }, [phone, chat]);
  useEffect(() => typing.stop, [typing]);
  return typing;
}
