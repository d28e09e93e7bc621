import type { BubbleContent } from '../demo/page-state.ts';

/** A place on a map that is drawn, and of nowhere: nothing is asked of the network. */
export function LocationCard({ place }: { readonly place: Extract<BubbleContent, { kind: 'location' }> }) {
  const { latitude, longitude, live, name, address } = place;
  return (
    <div class="phone-location">
      <svg viewBox="0 0 240 110" role="img" aria-label="A drawn map with a pin">
        <rect class="phone-map-ground" width="240" height="110" />
        <path class="phone-map-park" d="M150 0h62l-14 40h-56zM0 72h48l10 38H0z" />
        <path
          class="phone-map-water"
          d="M0 20c40 14 60-18 100-4s40 40 84 30 44-2 56 6v16c-20-10-40 0-66 2-46 4-52-24-84-32S40 52 0 38z"
        />
        <path class="phone-map-road" d="M0 92C60 80 120 96 240 70M70 0l30 110M138 0l-8 110M0 58h240M206 0l-20 110" />
        <path class="phone-map-pin" d="M120 30c9 0 15 6 15 14 0 10-15 25-15 25s-15-15-15-25c0-8 6-14 15-14z" />
        <circle class="phone-map-hole" cx="120" cy="44" r="5" />
      </svg>
      {live ? <strong>Live location</strong> : undefined}
      {name ? <strong>{name}</strong> : undefined}
      {address ? <span>{address}</span> : undefined}
      <span class="phone-small">
        {latitude.toFixed(5)}, {longitude.toFixed(5)}
      </span>
    </div>
  );
}
