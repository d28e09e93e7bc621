import { useMemo, useState } from 'preact/hooks';
import { isLong, readWords, type Word } from './formatting.ts';

/** A text with WhatsApp's own formatting. */
export function Words({ text }: { readonly text: string }) {
  const words = useMemo(() => readWords(text), [text]);
  const [isUnfolded, setUnfolded] = useState(false);
  if (isUnfolded || !isLong(text)) {
    return <>{words.map(drawWord)}</>;
  }
  return (
    <>
      <div class="phone-folded">{words.map(drawWord)}</div>
      <button type="button" class="phone-more" onClick={() => setUnfolded(true)}>
        Read more
      </button>
    </>
  );
}

function drawWord(word: Word) {
  switch (word.kind) {
    case 'text':
      return word.text;
    case 'code':
      return <code>{word.text}</code>;
    case 'bold':
      return <strong>{word.words.map(drawWord)}</strong>;
    case 'italic':
      return <em>{word.words.map(drawWord)}</em>;
    case 'struck':
      return <s>{word.words.map(drawWord)}</s>;
    case 'link':
      return (
        <a href={word.href} target="_blank" rel="noopener noreferrer">
          {word.text}
        </a>
      );
  }
}
