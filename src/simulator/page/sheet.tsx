import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';

interface SheetProps {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** A card over the lower part of the phone, for a question or a choice; Escape puts it away. */
export function Sheet({ title, close, children }: SheetProps) {
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const first = sheet.current?.querySelector<HTMLElement>('.phone-sheet-body :is(button, input, textarea, a)');
    first?.focus();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        close();
      }
    };
    const card = sheet.current;
    card?.addEventListener('keydown', onKeyDown);
    return () => card?.removeEventListener('keydown', onKeyDown);
  }, [close]);
  return (
    <dialog class="phone-sheet" open aria-label={title} ref={sheet}>
      <header>
        <h4>{title}</h4>
        <button type="button" class="phone-round" aria-label="Cancel" onClick={close}>
          <Icon name="close" size={20} />
        </button>
      </header>
      <div class="phone-sheet-body">{children}</div>
    </dialog>
  );
}
