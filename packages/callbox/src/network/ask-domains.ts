import { lookup } from 'node:dns/promises';

const timeoutMs = 3_000;

/** Asks the resolver of this machine for the addresses of names. What it does not know, or not in time, is left out. */
export async function askDomains(names: readonly string[]): Promise<readonly string[]> {
  const answers = names.map(async (name) => {
    const late = new Promise<readonly []>((resolve) => setTimeout(() => resolve([]), timeoutMs).unref());
    const found = lookup(name, { all: true }).catch(() => []);
    return (await Promise.race([found, late])).map(({ address }) => address);
  });
  return (await Promise.all(answers)).flat();
}
