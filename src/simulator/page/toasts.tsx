import { useCallback, useState } from 'preact/hooks';
import { CloseIcon } from './frame-icons.tsx';

/** Long enough to read a sentence twice. */
const TOAST_LASTS = 10_000;

interface Toast {
  readonly id: number;
  readonly sentence: string;
}

export interface Toasts {
  readonly shown: readonly Toast[];
  readonly complain: (sentence: string) => void;
  readonly dismiss: (id: number) => void;
}

/** What could not be done, until it has been read. */
export function useToasts(): Toasts {
  const [shown, setShown] = useState<readonly Toast[]>([]);
  const dismiss = useCallback((id: number) => {
    setShown((before) => before.filter((toast) => toast.id !== id));
  }, []);
  const complain = useCallback(
    (sentence: string) => {
      const id = performance.now();
      // The same sentence twice is one toast, with its time anew.
      setShown((before) => [...before.filter((toast) => toast.sentence !== sentence), { id, sentence }]);
      setTimeout(() => dismiss(id), TOAST_LASTS);
    },
    [dismiss],
  );
  return { shown, complain, dismiss };
}

export function ToastList({ shown, dismiss }: Pick<Toasts, 'shown' | 'dismiss'>) {
  return (
    <div class="toasts">
      {shown.map(({ id, sentence }) => (
        <div key={id} class="toast" role="alert">
          <p>{sentence}</p>
          <button type="button" class="quiet square" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
