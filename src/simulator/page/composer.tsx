import { useLayoutEffect, useState } from 'preact/hooks';
import type { Desk } from './desk.ts';
import { type Draft, emptyDraft, withoutMessage } from './draft.ts';
import { Icon } from './icons.tsx';
import { takeLostFocus } from './lost-focus.ts';
import { canRecord, Recorder } from './recorder.tsx';
import { type Typing, useTyping } from './typing.ts';

interface ComposerProps {
  readonly desk: Desk;
  readonly name: string;
  readonly draft: Draft;
  readonly setDraft: (draft: Draft) => void;
  readonly field: { readonly current: HTMLTextAreaElement | null };
}

/** The foot of a chat: the field, and what else one can send. */
export function Composer({ desk, name, draft, setDraft, field }: ComposerProps) {
  const [isRecording, setRecording] = useState(false);
  const typing = useTyping(desk);
  const { send, isSending } = useSending({ desk, draft, setDraft, field }, typing);
  if (isRecording) {
    const end = () => {
      setRecording(false);
      setTimeout(() => takeLostFocus(field.current));
    };
    return <Recorder desk={desk} end={end} />;
  }
  return (
    <form
      class="phone-composer"
      onSubmit={async (event) => {
        event.preventDefault();
        await send();
      }}
    >
      <Above draft={draft} setDraft={setDraft} />
      <button
        type="button"
        class="phone-round"
        title="Attach"
        aria-label="Attach"
        aria-haspopup="menu"
        onClick={() => desk.open({ kind: 'attach' })}
      >
        <Icon name="plus" />
      </button>
      <Field {...{ name, draft, setDraft, field, typing, send, isSending }} />
      {draft.text.trim() || !canRecord() ? (
        <button
          type="submit"
          class="phone-round phone-send"
          aria-label={draft.editing ? 'Save' : 'Send'}
          disabled={isSending || draft.text.trim() === ''}
        >
          <Icon name={draft.editing ? 'check' : 'send'} />
        </button>
      ) : (
        <button
          type="button"
          class="phone-round phone-send"
          title="Record a voice note"
          aria-label="Record a voice note"
          onClick={() => setRecording(true)}
        >
          <Icon name="microphone" />
        </button>
      )}
    </form>
  );
}

/** The words stay in the field until they have been sent. */
function useSending({ desk, draft, setDraft, field }: Omit<ComposerProps, 'name'>, typing: Typing) {
  const [isSending, setSending] = useState(false);
  const send = async () => {
    const text = draft.text.trim();
    if (!text || isSending) {
      return;
    }
    setSending(true);
    typing.stop();
    const { editing } = draft;
    const isDone = editing
      ? await desk.act({ act: 'edit', phone: desk.phone, message: editing, text })
      : await desk.send({ kind: 'text', text });
    setSending(false);
    if (isDone) {
      setDraft(editing ? withoutMessage(draft) : emptyDraft);
      setTimeout(() => takeLostFocus(field.current));
    }
  };
  return { send, isSending };
}

/** What stands over the field: the message that is answered or worded anew. */
function Above({ draft, setDraft }: Pick<ComposerProps, 'draft' | 'setDraft'>) {
  const { quoting, editing } = draft;
  if (!quoting && !editing) {
    return undefined;
  }
  return (
    <div class="phone-above">
      <p class="phone-quote" data-mine={quoting?.mine ?? true}>
        <strong>
          {quoting ? `Answer to ${quoting.mine ? 'yourself' : quoting.author}` : 'New words for this message'}
        </strong>
        <span>{quoting?.summary ?? 'Everybody sees that it was edited.'}</span>
      </p>
      <button
        type="button"
        class="phone-round"
        aria-label={quoting ? 'Cancel the reply' : 'Cancel the edit'}
        onClick={() => setDraft(withoutMessage(draft))}
      >
        <Icon name="close" size={20} />
      </button>
    </div>
  );
}

interface FieldProps extends Omit<ComposerProps, 'desk'> {
  readonly typing: Typing;
  readonly send: () => Promise<void>;
  readonly isSending: boolean;
}

function Field({ name, draft, setDraft, field, typing, send, isSending }: FieldProps) {
  useLayoutEffect(() => {
    const area = field.current;
    if (area) {
      area.style.height = 'auto';
      area.style.height = `${area.scrollHeight}px`;
    }
  }, [draft.text, field]);
  const onKeyDown = async (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      await send();
    } else if (event.key === 'Escape' && (draft.quoting || draft.editing)) {
      event.stopPropagation();
      setDraft(withoutMessage(draft));
    }
  };
  return (
    <textarea
      ref={field}
      rows={1}
      placeholder="Message"
      aria-label={`Message to ${name}`}
      enterkeyhint="send"
      value={draft.text}
      readOnly={isSending}
      onInput={({ currentTarget }) => {
        typing.goOn();
        setDraft({ ...draft, text: currentTarget.value });
      }}
      onKeyDown={onKeyDown}
    />
  );
}
