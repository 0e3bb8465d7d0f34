import { SIGNALING_PATH } from '@callbox/contract';
import type { CheckBrowser, CheckState } from './check-types.ts';

const withinMs = 8_000;

/** Where signaling is, below the path of the server. */
function addressOf(base: string, transport: 'websocket' | 'polling'): URL {
  const url = new URL(SIGNALING_PATH.replace(/^\//, ''), base);
  url.search = `EIO=4&transport=${transport}`;
  return url;
}

/** Opens a WebSocket and waits for the first word of the server (Engine.IO's `open` packet). Resolves with whether it came. */
function open(browser: CheckBrowser, base: string, signal: AbortSignal): Promise<boolean> {
  const url = addressOf(base, 'websocket');
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new Promise((resolve) => {
    const socket = browser.createSocket(url.href);
    const settle = (isOpen: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket.close();
      resolve(isOpen);
    };
    const giveUp = (): void => settle(false);
    const timer = setTimeout(giveUp, withinMs);
    signal.addEventListener('abort', giveUp, { once: true });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      settle(typeof data === 'string' && data.startsWith('0'));
    });
    socket.addEventListener('error', giveUp);
    socket.addEventListener('close', giveUp);
  });
}

async function poll(browser: CheckBrowser, base: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await browser.fetch(addressOf(base, 'polling').href, { cache: 'no-store', signal });
    return response.ok;
  } catch {
    return false;
  }
}

/** Tries the way to signaling: WebSocket, and where a network blocks that, the requests that stand in for it. */
export async function checkSocket(
  browser: CheckBrowser,
  base: string,
  signal: AbortSignal,
): Promise<CheckState> {
  const startedAt = browser.now();
  const figures = (): { setUpMs: number } => ({ setUpMs: browser.now() - startedAt });
  const none = {
    delayMs: undefined,
    lossShare: undefined,
    bitsPerSecond: undefined,
    mappedAddress: undefined,
  };
  if (await open(browser, base, signal)) return { kind: 'good', figures: { ...none, ...figures() } };
  if (await poll(browser, base, signal)) return { kind: 'fallback', figures: { ...none, ...figures() } };
  return { kind: 'failed', reason: 'unreachable', detail: 'neither WebSocket nor requests' };
}
