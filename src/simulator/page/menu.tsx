import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface MenuProps {
  readonly label: string;
  readonly class: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** A menu that has the keyboard while it is open: arrows walk in it, Escape and Tab leave it. */
export function Menu({ label, class: className, close, children }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => itemsOf(menu.current)[0]?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    const items = itemsOf(menu.current);
    const step = steps[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (step) {
      event.preventDefault();
      const at = items.indexOf(document.activeElement as HTMLElement);
      items.at(step(at, items.length))?.focus();
    }
  };
  return (
    <div class={className} role="menu" aria-label={label} tabIndex={-1} ref={menu} onKeyDown={onKeyDown}>
      {children}
    </div>
  );
}

const next = (at: number, count: number) => (at + 1) % count;
const previous = (at: number) => at - 1;

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: next,
  ArrowRight: next,
  ArrowUp: previous,
  ArrowLeft: previous,
  Home: () => 0,
  End: () => -1,
};

function itemsOf(menu: HTMLElement | null): readonly HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
}
