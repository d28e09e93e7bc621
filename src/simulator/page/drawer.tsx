import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Modal } from './dialogs.tsx';
import { CloseIcon } from './frame-icons.tsx';

/** What whoever opens a drawer says of it. */
export interface DrawerPlace {
  readonly narrow: boolean;
  /** Whether it was open before a reload: then nobody has asked for it now, and the focus stays where it is. */
  readonly restored: boolean;
  readonly close: () => void;
}

interface DrawerProps extends DrawerPlace {
  readonly title: string;
  /** What it is about; when that changes the focus comes to it. */
  readonly subject: string;
  readonly children: ComponentChildren;
}

/** Something to read beside the phones, which stay usable; on a small screen it lies over them. */
export function Drawer({ narrow, title, close, children, ...rest }: DrawerProps) {
  if (narrow) {
    return (
      <Modal title={title} shape="sheet" close={close}>
        {children}
      </Modal>
    );
  }
  return (
    <SideDrawer title={title} close={close} {...rest}>
      {children}
    </SideDrawer>
  );
}

function SideDrawer({ title, subject, restored, close, children }: Omit<DrawerProps, 'narrow'>) {
  const drawer = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  const leave = useLeave(drawer, close);
  useEffect(() => {
    if (!restored) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [subject]);
  return (
    <aside ref={drawer} class={`drawer ${title.toLowerCase().replace(' ', '-')}`} aria-labelledby={titleId}>
      <header class="modal-head">
        <h2 id={titleId} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="quiet square" aria-label={`Close: ${title}`} onClick={leave}>
          <CloseIcon />
        </button>
      </header>
      {children}
    </aside>
  );
}

/** Closes by Escape too, and gives the focus back to where it was. */
function useLeave(drawer: { readonly current: HTMLElement | null }, close: () => void): () => void {
  const cameFrom = useRef(document.activeElement);
  function leave() {
    close();
    if (cameFrom.current instanceof HTMLElement && cameFrom.current.isConnected) {
      cameFrom.current.focus({ preventScroll: true });
    }
  }
  useEffect(() => {
    const leaveByEscape = (event: KeyboardEvent) => {
      // On a phone it means something else, such as closing a menu there.
      const focused = document.activeElement;
      if (event.key === 'Escape' && (focused === document.body || drawer.current?.contains(focused))) {
        leave();
      }
    };
    const noteWhereFrom = ({ target, relatedTarget }: FocusEvent) => {
      const entered =
        drawer.current?.contains(target as Node) && !drawer.current.contains(relatedTarget as Node | null);
      if (entered && relatedTarget) {
        cameFrom.current = relatedTarget as Element;
      }
    };
    document.addEventListener('keydown', leaveByEscape);
    document.addEventListener('focusin', noteWhereFrom);
    return () => {
      document.removeEventListener('keydown', leaveByEscape);
      document.removeEventListener('focusin', noteWhereFrom);
    };
  });
  return leave;
}
