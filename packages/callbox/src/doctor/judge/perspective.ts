import type { Facts } from '../facts.ts';

/** The server runs elsewhere, and this machine only looks at it by its name. */
export function looksFromOutside({ health, web }: Facts): boolean {
  return health.kind === 'silent' && web?.health.kind === 'callbox';
}

/** The server answers on this machine. */
export function runsHere({ health }: Facts): boolean {
  return health.kind === 'callbox' || health.kind === 'unready';
}
