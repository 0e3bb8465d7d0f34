import './bars.css';

export interface BarsProps {
  /** How many of the four are filled. */
  readonly filled: number;
  /** What they mean, in words. */
  readonly label: string;
}

/** How good a connection is: told by how many bars are filled, by words, and by colour only besides. */
export function Bars({ filled, label }: BarsProps) {
  return (
    <svg class="bars" viewBox="0 0 16 16" role="img" aria-label={label} data-filled={filled}>
      {[0, 1, 2, 3].map((index) => (
        <rect
          key={index}
          x={index * 4 + 0.5}
          y={12 - index * 3}
          width={2.6}
          height={4 + index * 3}
          rx={1}
          class={index < filled ? 'bars__bar bars__bar--filled' : 'bars__bar'}
        />
      ))}
    </svg>
  );
}
