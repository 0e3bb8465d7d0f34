import { useWords } from '../../session/session.ts';

interface Sitter {
  readonly hue: number;
  readonly hair: string;
  readonly shoulders: string;
  readonly tone: number;
}

// Four people, drawn with as few strokes as will do; the paths are in a box of 200 by 150.
const sitters: readonly Sitter[] = [
  {
    hue: 45,
    tone: 0.78,
    hair: 'M66 74c-4-34 14-50 35-50s38 16 34 50c-1 12-3 24-7 34-2-20-4-34-12-44-14 6-30 6-39 2-4 12-5 28-6 42-3-9-4-22-5-34Z',
    shoulders: 'M42 150c2-26 22-38 58-38s57 12 59 38Z',
  },
  {
    hue: 250,
    tone: 0.62,
    hair: 'M70 66c-3-26 11-41 31-41s33 14 30 40c-2-9-6-14-12-19-12 5-27 5-37 1-6 4-10 10-12 19Z',
    shoulders: 'M36 150c2-27 25-37 64-37s62 10 64 37Z',
  },
  {
    hue: 340,
    tone: 0.72,
    hair: 'M69 70c-5-5-6-15-1-22 2-15 17-24 33-24s30 9 33 24c5 7 4 17-1 22-3-12-9-20-17-22-9 5-22 5-31 0-8 2-13 10-16 22Z',
    shoulders: 'M40 150c3-26 23-38 60-38s58 12 60 38Z',
  },
  {
    hue: 150,
    tone: 0.84,
    hair: 'M64 92c-6-44 10-69 37-69s42 25 36 69c-2 14-9 22-15 25 5-24 3-42-5-54-10 6-34 6-43 0-7 12-9 30-4 54-3-3-4-11-6-25Z',
    shoulders: 'M44 150c2-25 21-37 56-37s55 12 57 37Z',
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
    </div>
  );
}
