import { useEffect, useState } from 'preact/hooks';

/**
 * Remembers a choice of the person at the page, so that a reload loses nothing. What the world is like never belongs here.
 *
 * @returns the choice, how to make another, and whether it is still the one from before the page was loaded
 */
export function useKept<Choice>(name: string, first: Choice): [Choice, (choice: Choice) => void, boolean] {
  const [choice, setChoice] = useState<Choice>(() => read(name) ?? first);
  const [restored, setRestored] = useState(true);
  const keep = (next: Choice) => {
    setChoice(next);
    setRestored(false);
    try {
      sessionStorage.setItem(name, JSON.stringify(next));
    } catch {
      // A browser that stores nothing: the choice holds until a reload.
    }
  };
  return [choice, keep, restored];
}

function read<Choice>(name: string): Choice | undefined {
  try {
    const stored = sessionStorage.getItem(name);
    return stored === null ? undefined : (JSON.parse(stored) as Choice);
  } catch {
    return undefined;
  }
}

/** Room for one phone at a time only; `frame.css` asks the same. */
export const NARROW = '(max-width: 759px)';
export const STILL = '(prefers-reduced-motion: reduce)';

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = () => setMatches(list.matches);
    list.addEventListener('change', follow);
    follow();
    return () => list.removeEventListener('change', follow);
  }, [query]);
  return matches;
}
