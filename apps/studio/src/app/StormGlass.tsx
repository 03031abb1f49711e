/**
 * The sign of the product: a storm glass, its crystals half risen.
 */
export function StormGlass({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden fill="none">
      <path
        d="M10.6 17.6h10.8v5.4a4 4 0 0 1-4 4h-2.8a4 4 0 0 1-4-4z"
        fill="var(--accent)"
        opacity="0.28"
      />
      <path
        d="M11.5 3.5h9M12.7 3.5v4c0 1.2-.5 2-1.2 2.9-1.2 1.4-1.9 3-1.9 5.1v8a4.8 4.8 0 0 0 4.8 4.8h3.2a4.8 4.8 0 0 0 4.8-4.8v-8c0-2.1-.7-3.7-1.9-5.1-.7-.9-1.2-1.7-1.2-2.9v-4"
        stroke="var(--accent-ink)"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M16 25.4V14.6M16 20.4l-2.9-3.1M16 20.4l2.9-3.1M16 24l-2.2-2.3M16 24l2.2-2.3M16 17l-1.4-1.5M16 17l1.4-1.5"
        stroke="var(--accent-ink)"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
