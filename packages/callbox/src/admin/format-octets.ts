const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** An amount of octets for people: three digits and a decimal unit, as bills have it. */
export function formatOctets(octets: number): string {
  let amount = octets;
  let index = 0;
  while (amount >= 999.5 && index < units.length - 1) {
    amount /= 1_000;
    index += 1;
  }
  const digits = index === 0 || amount >= 99.95 ? 0 : 1;
  return `${amount.toFixed(digits)} ${units[index]}`;
}
