import type { CheckBrowser, CheckState } from './check-types.ts';
import { openLoopbackCall, type LoopbackCall } from './loopback-call.ts';

const pings = 25;
const pingEveryMs = 40;
/** For what is still under way when the last one was sent. */
const patienceMs = 400;
const chunkBytes = 1_100;
const rateForMs = 1_000;
/** More than a call of eight needs, and not enough to take anybody's line. */
const maxBytes = 1_500_000;
const maxBufferedBytes = 64_000;
const feedEveryMs = 10;

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Small packets there and back, as often as those of a voice. */
async function measureDelay(
  browser: CheckBrowser,
  { near, far }: LoopbackCall,
  signal: AbortSignal,
): Promise<{ readonly delayMs: number; readonly lossShare: number } | undefined> {
  const sentAt = new Map<string, number>();
  const delays: number[] = [];
  const answer = ({ data }: MessageEvent<unknown>): void => {
    if (typeof data === 'string' && far.readyState === 'open') far.send(data);
  };
  const count = ({ data }: MessageEvent<unknown>): void => {
    const at = typeof data === 'string' ? sentAt.get(data) : undefined;
    if (at !== undefined) delays.push(browser.now() - at);
  };
  far.addEventListener('message', answer);
  near.addEventListener('message', count);
  for (let index = 0; index < pings && !signal.aborted && near.readyState === 'open'; index += 1) {
    const ping = `ping ${index}`;
    sentAt.set(ping, browser.now());
    near.send(ping);
    await pause(pingEveryMs);
  }
  for (let waited = 0; waited < patienceMs && delays.length < sentAt.size; waited += pingEveryMs) {
    await pause(pingEveryMs);
  }
  far.removeEventListener('message', answer);
  near.removeEventListener('message', count);
  if (delays.length === 0) return undefined;
  return { delayMs: middleOf(delays), lossShare: 1 - delays.length / sentAt.size };
}

/** As much as goes through within a second, up to a bound. */
async function measureRate(
  browser: CheckBrowser,
  { near, far }: LoopbackCall,
  signal: AbortSignal,
): Promise<number | undefined> {
  const chunk = new Uint8Array(chunkBytes);
  let received = 0;
  let lastAt = 0;
  const count = ({ data }: MessageEvent<unknown>): void => {
    received += data instanceof ArrayBuffer ? data.byteLength : 0;
    lastAt = browser.now();
  };
  far.binaryType = 'arraybuffer';
  far.addEventListener('message', count);
  const startedAt = browser.now();
  let sent = 0;
  while (browser.now() - startedAt < rateForMs && sent < maxBytes && !signal.aborted) {
    while (near.bufferedAmount < maxBufferedBytes && sent < maxBytes && near.readyState === 'open') {
      near.send(chunk);
      sent += chunkBytes;
    }
    await pause(feedEveryMs);
  }
  await pause(patienceMs / 2);
  far.removeEventListener('message', count);
  const tookMs = lastAt - startedAt;
  return received === 0 || tookMs <= 0 ? undefined : (received * 8_000) / tookMs;
}

/** Calls oneself by one relay, and measures the way there and back. */
export async function checkRelay(
  browser: CheckBrowser,
  server: RTCIceServer,
  signal: AbortSignal,
): Promise<CheckState> {
  const startedAt = browser.now();
  const result = await openLoopbackCall(browser, server, signal);
  if (!result.ok) return { kind: 'failed', reason: result.reason, detail: result.detail };
  const { call } = result;
  try {
    const setUpMs = browser.now() - startedAt;
    const delay = await measureDelay(browser, call, signal);
    if (delay === undefined) return { kind: 'failed', reason: 'no-data', detail: 'nothing came back' };
    const bitsPerSecond = await measureRate(browser, call, signal);
    return { kind: 'good', figures: { setUpMs, ...delay, bitsPerSecond, mappedAddress: undefined } };
  } finally {
    call.close();
  }
}
