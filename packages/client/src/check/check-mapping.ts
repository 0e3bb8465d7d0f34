import type { CheckBrowser, CheckState } from './check-types.ts';

/** Browsers ask for some ten seconds before they give up (RFC 8489 §6.2.1); a person does not wait that long. */
const withinMs = 6_000;
/** Codes of STUN (RFC 8489 §14.8), and above them 701 for a server that is silent (W3C WebRTC §4.8.3). */
const firstError = 300;

/**
 * Asks for our own address as the server sees it. A browser on a network without NAT tells no candidate of that kind, for
 * it is the same as its own: then it is enough that gathering ends early and nothing failed.
 */
export function checkMapping(
  browser: CheckBrowser,
  server: RTCIceServer,
  signal: AbortSignal,
): Promise<CheckState> {
  const startedAt = browser.now();
  const connection = browser.createConnection({ iceServers: [server] });
  let error = '';
  let mapped: string | undefined;
  return new Promise<CheckState>((resolve) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', settle);
      connection.close();
      const isLate = browser.now() - startedAt >= withinMs;
      if (mapped === undefined && (error !== '' || isLate || signal.aborted)) {
        resolve({
          kind: 'failed',
          reason: 'unreachable',
          detail: error === '' ? 'no answer in time' : error,
        });
        return;
      }
      resolve({
        kind: 'good',
        figures: {
          setUpMs: browser.now() - startedAt,
          delayMs: undefined,
          lossShare: undefined,
          bitsPerSecond: undefined,
          mappedAddress: mapped,
        },
      });
    };
    const timer = setTimeout(settle, withinMs);
    signal.addEventListener('abort', settle, { once: true });
    connection.addEventListener('icecandidateerror', (event) => {
      if (event.errorCode >= firstError) {
        error = `${event.errorCode} ${event.errorText}`.trim();
      }
    });
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate === null) settle();
      else if (candidate.type === 'srflx') {
        mapped = candidate.address ?? undefined;
        settle();
      }
    });
    connection.createDataChannel('');
    void connection.setLocalDescription().catch((reason: unknown) => {
      error = String(reason);
      settle();
    });
  });
}
