import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { CloseIcon } from './frame-icons.tsx';

interface ModalProps {
  readonly title: string;
  /** A sheet comes from below and is as wide as the screen; a card is in the middle. */
  readonly shape: 'card' | 'sheet';
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** Something that wants an answer before anything else. The browser keeps the focus inside, and gives it back at the end. */
export function Modal({ title, shape, close, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // It closes first, which gives the focus back, and goes then.
  const leave = () => dialog.current?.close();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    shown?.querySelector('input')?.focus();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} class={`modal ${shape}`} aria-labelledby={titleId} onClose={() => dialog.current && close()}>
      <header class="modal-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" class="quiet square" aria-label="Close" onClick={leave}>
          <CloseIcon />
        </button>
      </header>
      {children}
    </dialog>
  );
}

interface DisclosureProps {
  readonly icon: ComponentChildren;
  readonly label: string;
  /** What unfolds; it gets the way to fold it again. */
  readonly children: (fold: () => void) => ComponentChildren;
}

/** A button with something folded under it, which gives way as soon as one turns to something else. */
export function Disclosure({ icon, label, children }: DisclosureProps) {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  const fold = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) {
      return;
    }
    const foldFromOutside = (event: Event) => {
      if (!whole.current?.contains(event.target as Node)) {
        setOpen(false);
      }
    };
    const foldByEscape = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        fold();
      }
    };
    document.addEventListener('pointerdown', foldFromOutside);
    document.addEventListener('focusin', foldFromOutside);
    document.addEventListener('keydown', foldByEscape);
    return () => {
      document.removeEventListener('pointerdown', foldFromOutside);
      document.removeEventListener('focusin', foldFromOutside);
      document.removeEventListener('keydown', foldByEscape);
    };
  }, [open]);
  return (
    <div class="disclosure" ref={whole}>
      <button ref={button} type="button" aria-expanded={open} aria-controls={panelId} onClick={() => setOpen(!open)}>
        {icon}
        {label}
      </button>
      <div class="panel" id={panelId} hidden={!open}>
        {open && children(fold)}
      </div>
    </div>
  );
}
