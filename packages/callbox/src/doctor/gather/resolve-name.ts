import { lookup } from 'node:dns/promises';
import { reasonOf } from './fetch-answer.ts';

/** Asks the system's own resolver, as every other program here does. */
export async function resolveName(
  host: string,
): Promise<{ readonly addresses: readonly string[]; readonly error: string | undefined }> {
  try {
    const found = await lookup(host, { all: true });
    return { addresses: found.map(({ address }) => address), error: undefined };
  } catch (error) {
    return { addresses: [], error: reasonOf(error) };
  }
}
