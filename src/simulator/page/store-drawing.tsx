import type { ComponentChildren } from 'preact';
import type { StoreGood } from '../demo/page-store.ts';

/** Glazes, by the names of the kinds. */
const glazes: Readonly<Record<string, string>> = {
  Moss: '#71824f',
  Clay: '#b9683f',
  Night: '#3a4863',
  Ash: '#96928a',
  Rust: '#a3512f',
  White: '#fffaf0',
  Speckled: '#c9b18a',
  Sand: '#d7b988',
  Sea: '#5d9196',
};
const PLAIN = '#c8a37a';

const shapes: Readonly<Record<string, ComponentChildren>> = {
  'stoneware-mug': (
    <>
      <path d="M35 21h6a7 7 0 0 1 0 15h-6" class="hollow" />
      <path d="M11 14h24v25a5 5 0 0 1-5 5H16a5 5 0 0 1-5-5z" />
    </>
  ),
  'ramen-bowl': <path d="M6 20h44c0 12-7 20-15 22v3H21v-3C13 40 6 32 6 20z" />,
  'espresso-cup': (
    <>
      <path d="M36 26h3a5 5 0 0 1 0 10h-4" class="hollow" />
      <path d="M17 21h19v13a8 8 0 0 1-8 8h-3a8 8 0 0 1-8-8z" />
      <path d="M11 45h31" class="hollow" />
    </>
  ),
  'dinner-plate': (
    <>
      <circle cx="28" cy="29" r="19" />
      <circle cx="28" cy="29" r="11.5" class="hollow" />
    </>
  ),
  'bud-vase': <path d="M24 10h8v9c0 4 8 8 8 17 0 6-5 10-12 10s-12-4-12-10c0-9 8-13 8-17z" />,
  teapot: (
    <>
      <path d="M39 24c6-1 8 3 8 6s-3 7-9 7" class="hollow" />
      <path d="M15 25l-8-5 4 12" />
      <path d="M13 27c0-5 6-9 14-9s14 4 14 9c0 9-5 16-9 16H22c-4 0-9-7-9-16z" />
      <circle cx="27" cy="14" r="3" />
    </>
  ),
};

/** A thing of clay, as the shop's page shows it. Its name stands beside it. */
export function GoodDrawing({ good }: { readonly good: Pick<StoreGood, 'slug' | 'kind'> }) {
  return (
    <svg class="good" viewBox="0 0 56 56" aria-hidden="true" style={{ color: glazes[good.kind ?? ''] ?? PLAIN }}>
      {shapes[good.slug]}
    </svg>
  );
}
