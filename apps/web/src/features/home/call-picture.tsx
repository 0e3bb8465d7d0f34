import { useWords } from '../../session/session.ts';

interface Sitter {
  readonly hue: number;
  /** How light the skin is, from 0 to 1. */
  readonly tone: number;
  readonly shoulders: string;
  /** Behind the head, and over it. */
  readonly hairBehind: string | null;
  readonly hair: string;
}

// Four people, drawn with as few strokes as will do; the paths are in a box of 200 by 150.
const sitters: readonly Sitter[] = [
  {
    hue: 45,
    tone: 0.8,
    shoulders: 'M42 150c2-26 22-38 58-38s57 12 59 38Z',
    hairBehind: 'M63 116c-5-28-6-56 3-73 7-14 21-21 35-21s28 7 35 21c9 17 8 45 3 73Z',
    hair: 'M70 70c-2-26 12-40 31-40s33 14 31 40c-5-13-14-23-24-28-8 13-24 22-38 28Z',
  },
  {
    hue: 250,
    tone: 0.63,
    shoulders: 'M36 150c2-27 25-37 64-37s62 10 64 37Z',
    hairBehind: null,
    hair: 'M71 66c-4-27 9-43 30-43s34 16 30 43c-2-10-5-16-10-21-13 4-27 4-40 0-5 5-8 11-10 21Z',
  },
  {
    hue: 340,
    tone: 0.73,
    shoulders: 'M40 150c3-26 23-38 60-38s58 12 60 38Z',
    hairBehind: 'M67 78c-11-9-11-25-1-33 1-17 18-27 35-27s34 10 35 27c10 8 10 24-1 33Z',
    hair: 'M70 66c0-23 12-35 31-35s31 12 31 35c-7-10-18-16-31-16s-24 6-31 16Z',
  },
  {
    hue: 150,
    tone: 0.85,
    shoulders: 'M44 150c2-25 21-37 56-37s55 12 57 37Z',
    hairBehind: 'M101 5a15 15 0 0 1 0 30 15 15 0 0 1 0-30Z',
    hair: 'M70 69c-3-28 11-44 31-44s34 16 31 44c-4-15-14-26-31-26s-27 11-31 26Z',
  },
];

/** A call in one glance. The light that goes round is the speaking ring of a real call. */
export function CallPicture() {
  const { t } = useWords();
  return (
    <div class="call-picture" role="img" aria-label={t('home.picture')}>
      {sitters.map((sitter) => (
        <div key={sitter.hue} class="call-picture__tile" style={{ '--hue': String(sitter.hue) }}>
          <svg viewBox="0 0 200 150" preserveAspectRatio="xMidYMax slice">
            <circle class="call-picture__sun" cx="152" cy="40" r="58" />
            {sitter.hairBehind !== null && <path class="call-picture__hair" d={sitter.hairBehind} />}
            <path class="call-picture__clothes" d={sitter.shoulders} />
            <g style={{ '--tone': String(sitter.tone) }}>
              <path class="call-picture__neck" d="M87 92h27v22c0 14-27 14-27 0Z" />
              <path
                class="call-picture__face"
                d="M73 66c0-22 11-32 28-32s28 10 28 32c0 23-13 38-28 38S73 89 73 66Z"
              />
            </g>
            <path class="call-picture__hair" d={sitter.hair} />
          </svg>
        </div>
      ))}
      <div class="call-picture__bar">
        <span />
        <span />
        <span />
      </div>
    </div>
  );
}
