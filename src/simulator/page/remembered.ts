import { useEffect, useRef, useState } from 'preact/hooks';
import { share } from './share.ts';

/** A state that a reload of the page does not lose; the tab keeps it under its name. */
export function useRemembered<Type>(name: string, initial: Type): [Type, (value: Type) => void] {
  const [value, setValue] = useState<Type>(() => recall(name) ?? initial);
  const remember = (next: Type) => {
    sessionStorage.setItem(name, JSON.stringify(next));
    setValue(next);
  };
  return [value, remember];
}

function recall<Type>(name: string): Type | undefined {
  const text = sessionStorage.getItem(name);
  return text ? (JSON.parse(text) as Type) : undefined;
}

/** The same object as before as far as it says the same, so that what did not change need not be drawn again. */
export function useShared<Type>(value: Type): Type {
  const kept = useRef(value);
  kept.current = share(kept.current, value);
  return kept.current;
}

/** Always the latest of a value, for what lives longer than one drawing. */
export function useLatest<Type>(value: Type): { readonly current: Type } {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
