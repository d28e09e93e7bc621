import type { Ticks } from '../demo/page-state.ts';

const meanings: Readonly<Record<Ticks, string>> = {
  pending: 'Waiting to be sent',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
};

/** How far a message of one's own came: a clock, one tick, two ticks, two blue ones. */
export function TickMarks({ ticks }: { readonly ticks: Ticks }) {
  return (
    <svg
      class="phone-ticks"
      data-ticks={ticks}
      width="18"
      height="12"
      viewBox="0 0 18 12"
      role="img"
      aria-label={meanings[ticks]}
    >
      <title>{meanings[ticks]}</title>
      {ticks === 'pending' ? (
        <path d="M9 1a5 5 0 1 0 0 10A5 5 0 1 0 9 1M9 3.5V6.2l1.8 1.2" />
      ) : (
        <path d="M1.5 6.5l3.3 3.3 7-8" />
      )}
      {ticks === 'delivered' || ticks === 'read' ? <path d="M8.3 8.9l1 .9 7-8" /> : undefined}
    </svg>
  );
}
