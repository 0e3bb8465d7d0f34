import { iceGrantSchema, parseWith, type IceServer } from '@callbox/contract';
import type { CheckBrowser, CheckFailure } from './check-types.ts';

export type CheckServers =
  | { readonly ok: true; readonly iceServers: readonly IceServer[] }
  | { readonly ok: false; readonly reason: CheckFailure; readonly detail: string };

/** Asks the server for ICE servers to try. */
export async function fetchCheckServers(
  browser: CheckBrowser,
  base: string,
  signal: AbortSignal,
): Promise<CheckServers> {
  try {
    const response = await browser.fetch(new URL('check/ice-servers', base).href, {
      cache: 'no-store',
      credentials: 'omit',
      signal,
    });
    if (!response.ok) return { ok: false, reason: 'refused', detail: `status ${response.status}` };
    const parsed = parseWith(iceGrantSchema, await response.json());
    return parsed.ok
      ? { ok: true, iceServers: parsed.value.iceServers }
      : { ok: false, reason: 'refused', detail: parsed.reason };
  } catch (error) {
    return { ok: false, reason: 'unreachable', detail: String(error) };
  }
}
