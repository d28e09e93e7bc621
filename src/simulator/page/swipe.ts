import { useEffect } from 'preact/hooks';
import { useLatest } from './remembered.ts';

/** Pixels: how far a finger may shake, how far it pulls for an answer, and how far the message goes with it. */
const SHAKE = 10;
const PULL = 48;
const FARTHEST = 72;

/** Milliseconds after which a resting finger asks for the menu. */
const HOLD = 450;

interface Gestures {
  readonly reply: () => void;
  readonly hold: () => void;
}

/** What fingers do to a message: pulled to the right it is answered, held it shows its menu, as a right click does. */
export function useSwipe(message: { readonly current: HTMLElement | null }, gestures: Gestures): void {
  const latest = useLatest(gestures);
  useEffect(() => {
    const element = message.current;
    return element ? followFingers(element, latest) : undefined;
  }, [message, latest]);
}

/** The finger that asked for the menu must not choose from it when it is lifted. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener('click', swallow, { capture: true, once: true });
  addEventListener('pointerdown', () => removeEventListener('click', swallow, { capture: true }), {
    capture: true,
    once: true,
  });
}

function followFingers(element: HTMLElement, gestures: { readonly current: Gestures }): () => void {
  const listening = new AbortController();
  let from: { readonly x: number; readonly y: number } | undefined;
  let pulled = 0;
  let holding: ReturnType<typeof setTimeout> | undefined;

  const pullTo = (distance: number) => {
    pulled = distance;
    element.style.setProperty('--phone-pulled', `${distance}px`);
    element.toggleAttribute('data-pulled', distance > 0);
  };
  const letGo = () => {
    clearTimeout(holding);
    from = undefined;
    pullTo(0);
  };
  const onDown = ({ pointerType, clientX, clientY }: PointerEvent) => {
    if (pointerType === 'mouse') {
      return;
    }
    from = { x: clientX, y: clientY };
    holding = setTimeout(() => {
      letGo();
      swallowClick();
      gestures.current.hold();
    }, HOLD);
  };
  const onMove = ({ clientX, clientY }: PointerEvent) => {
    if (!from) {
      return;
    }
    const [across, down] = [clientX - from.x, Math.abs(clientY - from.y)];
    if (Math.abs(across) > SHAKE || down > SHAKE) {
      clearTimeout(holding);
    }
    if (down > SHAKE && down > across) {
      letGo();
    } else {
      pullTo(across > SHAKE ? Math.min(across, FARTHEST) : 0);
    }
  };
  const onUp = () => {
    const isAnswer = pulled >= PULL;
    letGo();
    if (isAnswer) {
      gestures.current.reply();
    }
  };
  const onContextMenu = (event: Event) => {
    event.preventDefault();
    letGo();
    gestures.current.hold();
  };
  const { signal } = listening;
  element.addEventListener('pointerdown', onDown, { signal });
  element.addEventListener('pointermove', onMove, { signal });
  element.addEventListener('pointerup', onUp, { signal });
  element.addEventListener('pointercancel', letGo, { signal });
  element.addEventListener('contextmenu', onContextMenu, { signal });
  return () => listening.abort();
}
