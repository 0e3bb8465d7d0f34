import type { Facts } from '../facts.ts';

/** The addresses that the name stands for: what it resolves to, or itself. */
export function addressesOf({ name, resolved }: Facts): readonly string[] {
  if (name === undefined) return [];
  return name.isAddress ? [name.host] : (resolved?.addresses ?? []);
}

/**
 * The server runs elsewhere, and this machine only looks at it by its name: it answers there and not here; or nowhere, but
 * neither the name nor a data directory says that it should be here.
 */
export function looksFromOutside(facts: Facts): boolean {
  const { health, web, local, publicAddresses, data } = facts;
  if (health.kind !== 'silent' || web === undefined) return false;
  if (web.health.kind === 'callbox') return true;
  const own = new Set([...local.loopback, ...local.network, ...publicAddresses]);
  return !data.exists && !addressesOf(facts).some((address) => own.has(address));
}

/** The server answers on this machine. */
export function runsHere({ health }: Facts): boolean {
  return health.kind === 'callbox' || health.kind === 'unready';
}
