/** The parts of the program, each of which can run alone. */
export const roles = ['turn', 'signaling', 'web'] as const;
export type Role = (typeof roles)[number];
