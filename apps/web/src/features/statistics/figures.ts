/** Writes measured values as a language does, each with its unit; a dash for what is not known. */
export interface Figures {
  /** @param bitsPerSecond bits per second. */
  rate(bitsPerSecond: number | null): string;
  /** @param bytes octets. */
  data(bytes: number): string;
  /** @param ms milliseconds. */
  delay(ms: number | null): string;
  /** @param part 0 to 1. */
  share(part: number | null): string;
  frames(perSecond: number | null): string;
  size(picture: { readonly width: number | null; readonly height: number | null } | null): string;
}

const unknown = '–';

export function createFigures(locale: string): Figures {
  const inUnit = (unit: string, digits: number): ((value: number) => string) => {
    const format = new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: digits });
    // A line ends before a figure or after its unit, never between them.
    return (value) => format.format(value).replaceAll(' ', '\u00A0');
  };
  const kilobits = inUnit('kilobit-per-second', 0);
  const megabits = inUnit('megabit-per-second', 1);
  const kilobytes = inUnit('kilobyte', 0);
  const megabytes = inUnit('megabyte', 1);
  const gigabytes = inUnit('gigabyte', 2);
  const milliseconds = inUnit('millisecond', 0);
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const known = <T>(value: T | null, write: (value: T) => string) =>
    value === null ? unknown : write(value);
  return {
    rate: (bits) => known(bits, (all) => (all < 999_500 ? kilobits(all / 1e3) : megabits(all / 1e6))),
    data(bytes) {
      if (bytes < 999_500) return kilobytes(bytes / 1e3);
      return bytes < 999_950_000 ? megabytes(bytes / 1e6) : gigabytes(bytes / 1e9);
    },
    delay: (ms) => known(ms, milliseconds),
    share: (part) => known(part, (all) => percents.format(all)),
    frames: (perSecond) => known(perSecond, (all) => numbers.format(all)),
    size: (picture) =>
      picture === null || picture.width === null || picture.height === null
        ? unknown
        : `${picture.width}\u00A0×\u00A0${picture.height}`,
  };
}
