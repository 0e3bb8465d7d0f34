/** Around each multiple of four, where padding changes, and up to what a packet on the internet holds with headers around it. */
export const ALL_PAYLOAD_SIZES: readonly number[] = [
  0, 1, 2, 3, 4, 5, 19, 20, 21, 100, 1199, 1200, 1201, 1280, 1400,
];
