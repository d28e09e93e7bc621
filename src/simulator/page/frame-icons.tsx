import type { ComponentChildren } from 'preact';

function Icon({ children, size = 20 }: { readonly children: ComponentChildren; readonly size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** The sign over the shop's door: a bell on a tile. */
export const BellIcon = () => (
  <svg class="sign" width="34" height="34" viewBox="0 0 34 34" aria-hidden="true">
    <rect width="34" height="34" rx="10" fill="var(--accent)" />
    <g fill="none" stroke="var(--accent-ink)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
      <path d="M9 22.5c2-1.5 2.5-3.2 2.5-6a5.5 5.5 0 0 1 11 0c0 2.8.5 4.5 2.5 6Z" />
      <path d="M17 8.5v2.5M14.8 26a2.5 2.5 0 0 0 4.4 0" />
    </g>
  </svg>
);

export const CloseIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6L6 18" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);

export const ForwardIcon = () => (
  <Icon>
    <path d="M4 6l7 6-7 6zM13 6l7 6-7 6z" />
  </Icon>
);

export const BoltIcon = () => (
  <Icon>
    <path d="M13 3L5 13.5h6L10.5 21 19 10h-6z" />
  </Icon>
);

export const PlayIcon = () => (
  <Icon>
    <path d="M7 5l12 7-12 7z" />
  </Icon>
);

export const NetworkIcon = () => (
  <Icon>
    <path d="M4 9.5a12 12 0 0 1 16 0M7 13a7.5 7.5 0 0 1 10 0M10 16.3a3 3 0 0 1 4 0" />
    <path d="M12 19.5h.01" />
  </Icon>
);

export const UnlinkIcon = () => (
  <Icon>
    <path d="M9 7l1.5-1.5a4 4 0 0 1 6 6L15 13M15 17l-1.5 1.5a4 4 0 0 1-6-6L9 11M4 4l16 16" />
  </Icon>
);

export const StoryIcon = () => (
  <Icon>
    <path d="M5 6h.01M5 12h.01M5 18h.01M9 6h11M9 12h11M9 18h7" />
  </Icon>
);

export const ChevronIcon = () => (
  <Icon>
    <path d="M6 15l6-6 6 6" />
  </Icon>
);

export const SlidersIcon = () => (
  <Icon>
    <path d="M4 7h9M19 7h1M4 17h1M11 17h9" />
    <circle cx="16" cy="7" r="2.5" />
    <circle cx="8" cy="17" r="2.5" />
  </Icon>
);

export const StoreIcon = () => (
  <Icon>
    <path d="M4 9.5L5.5 4h13L20 9.5M5.5 12v8h13v-8M10 20v-5h4v5" />
    <path d="M4 9.5a2.67 2.67 0 0 0 5.33 0 2.67 2.67 0 0 0 5.34 0 2.67 2.67 0 0 0 5.33 0z" />
  </Icon>
);

export const LaptopIcon = () => (
  <Icon size={56}>
    <rect x="4.5" y="5" width="15" height="10.5" rx="1.5" />
    <path d="M2.5 18.5h19" />
  </Icon>
);

export const TickIcon = () => (
  <Icon size={40}>
    <path d="M5 12.5l4.5 4.5L19 7.5" />
  </Icon>
);
