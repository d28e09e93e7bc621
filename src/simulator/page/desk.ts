import { useMemo } from 'preact/hooks';
import type { Act, Bubble, FileKind, Written } from '../demo/page-state.ts';
import { doAct, type Outcome, type OutgoingFile, sendFile } from './act.ts';
import { useLatest } from './remembered.ts';

/** What lies over a chat; there is one such thing at a time. Messages are named by their ids. */
export type Overlay =
  | MessageOverlay
  | { readonly kind: 'attach' | 'location' | 'contact' | 'poll' }
  | { readonly kind: 'file'; readonly fileKind: FileKind; readonly file: File };

export type MessageOverlay =
  /** `top` in pixels from the upper edge of the chat. */
  | { readonly kind: 'menu'; readonly message: string; readonly top: number }
  | { readonly kind: 'choices'; readonly message: string; readonly list: string }
  | { readonly kind: 'delete' | 'picture'; readonly message: string };

type FileToSend = Omit<OutgoingFile, 'phone' | 'to' | 'quoting'>;

/** What a person can do in a chat. It stays the same object while the chat is open. */
export interface Desk extends DeskActs {
  /** Whose phone it is, and whom the chat is with. */
  readonly phone: string;
  readonly chat: string;
  /** Has something done, and tells the person when it could not be; resolves to whether it was. */
  readonly act: (act: Act) => Promise<boolean>;
  /** Sends something as an answer to the message chosen for it, if any. */
  readonly send: (content: Written) => Promise<boolean>;
  readonly sendFile: (file: FileToSend) => Promise<boolean>;
}

interface DeskActs {
  readonly complain: (sentence: string) => void;
  readonly open: (overlay: Overlay) => void;
  readonly close: () => void;
  /** Puts a message over the field, to be answered or to be worded anew. */
  readonly quote: (message: Bubble) => void;
  readonly edit: (message: Bubble) => void;
  /** The message that is being answered. */
  readonly quoted: () => string | undefined;
  readonly forgetQuote: () => void;
  /** Shows an older message. */
  readonly jumpTo: (message: string) => void;
  /** Opens the chat with a person. */
  readonly writeTo: (number: string) => void;
  readonly inspect: (message: string) => void;
}

export function useDesk(phone: string, chat: string, acts: DeskActs): Desk {
  const latest = useLatest(acts);
  return useMemo(() => {
    const now = () => latest.current;
    const tell = (outcome: Outcome) => {
      if (outcome !== undefined) {
        now().complain(outcome);
      }
      return outcome === undefined;
    };
    const answering = async (send: (quoting: string | undefined) => Promise<Outcome>) => {
      const done = tell(await send(now().quoted()));
      if (done) {
        now().forgetQuote();
      }
      return done;
    };
    return {
      phone,
      chat,
      act: async (act) => tell(await doAct(act)),
      send: (content) => answering((quoting) => doAct({ act: 'send', phone, to: chat, content, quoting })),
      sendFile: (file) => answering((quoting) => sendFile({ phone, to: chat, quoting, ...file })),
      complain: (sentence) => now().complain(sentence),
      open: (overlay) => now().open(overlay),
      close: () => now().close(),
      quote: (message) => now().quote(message),
      edit: (message) => now().edit(message),
      quoted: () => now().quoted(),
      forgetQuote: () => now().forgetQuote(),
      jumpTo: (message) => now().jumpTo(message),
      writeTo: (number) => now().writeTo(number),
      inspect: (message) => now().inspect(message),
    };
  }, [phone, chat, latest]);
}
