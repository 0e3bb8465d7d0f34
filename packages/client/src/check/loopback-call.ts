import type { CheckBrowser, CheckFailure } from './check-types.ts';

const connectWithinMs = 12_000;

/** A call with oneself: what goes into one end comes out of the other. */
export interface LoopbackCall {
  /** Unordered and never sent again, as media are. */
  readonly near: RTCDataChannel;
  readonly far: RTCDataChannel;
  close(): void;
}

export type LoopbackResult =
  | { readonly ok: true; readonly call: LoopbackCall }
  | { readonly ok: false; readonly reason: CheckFailure; readonly detail: string };

/** Hands candidates over once the other end can take them. */
function joinCandidates(from: RTCPeerConnection, to: RTCPeerConnection): () => void {
  const waiting: RTCIceCandidate[] = [];
  let isReady = false;
  const add = (candidate: RTCIceCandidate): void => {
    // One that is refused is one way less; whether any is left shows by itself.
    void to.addIceCandidate(candidate).catch(() => {});
  };
  from.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate === null) return;
    if (isReady) add(candidate);
    else waiting.push(candidate);
  });
  return () => {
    isReady = true;
    for (const candidate of waiting.splice(0)) add(candidate);
  };
}

function whenOpen(channel: RTCDataChannel): Promise<void> {
  if (channel.readyState === 'open') return Promise.resolve();
  return new Promise((resolve) => {
    channel.addEventListener('open', () => resolve(), { once: true });
  });
}

function whenTold(connection: RTCPeerConnection): Promise<RTCDataChannel> {
  return new Promise((resolve) => {
    connection.addEventListener('datachannel', ({ channel }) => resolve(channel), { once: true });
  });
}

/**
 * Connects two ends in this page by one server's relay and nothing else.
 *
 * Whether a relay was granted shows by a candidate of its own; why not, by the browser's errors, where it has any.
 */
export async function openLoopbackCall(
  browser: CheckBrowser,
  server: RTCIceServer,
  signal: AbortSignal,
): Promise<LoopbackResult> {
  const configuration: RTCConfiguration = { iceServers: [server], iceTransportPolicy: 'relay' };
  const ends = [browser.createConnection(configuration), browser.createConnection(configuration)] as const;
  const [near, far] = ends;
  let hasRelay = false;
  let error = '';
  let giveUp = (): void => {};
  const gaveUp = new Promise<'failed'>((resolve) => {
    giveUp = () => resolve('failed');
  });
  const close = (): void => {
    for (const end of ends) end.close();
  };
  const timer = setTimeout(() => giveUp(), connectWithinMs);
  signal.addEventListener('abort', giveUp, { once: true });
  for (const end of ends) {
    end.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate?.type === 'relay') hasRelay = true;
      // All that there was has been told: without a relay nothing can come of it.
      if (candidate === null && !hasRelay) giveUp();
    });
    end.addEventListener('icecandidateerror', (event) => {
      error = `${event.errorCode} ${event.errorText}`.trim();
    });
    end.addEventListener('connectionstatechange', () => {
      if (end.connectionState === 'failed') giveUp();
    });
  }
  const nearIsReady = joinCandidates(far, near);
  const farIsReady = joinCandidates(near, far);

  async function connect(): Promise<LoopbackCall> {
    const channel = near.createDataChannel('check', { ordered: false, maxRetransmits: 0 });
    const told = whenTold(far);
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription ?? { type: 'offer', sdp: '' });
    farIsReady();
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription ?? { type: 'answer', sdp: '' });
    nearIsReady();
    const other = await told;
    await Promise.all([whenOpen(channel), whenOpen(other)]);
    return { near: channel, far: other, close };
  }

  try {
    const call = await Promise.race([connect(), gaveUp]);
    if (call !== 'failed') return { ok: true, call };
    close();
    if (hasRelay) return { ok: false, reason: 'not-connected', detail: error };
    // What the server itself has answered (RFC 8489 §14.8) is below 700; above is what the browser says of silence.
    const wasAnswered = /^[3-6]\d\d\b/.test(error);
    return { ok: false, reason: wasAnswered ? 'refused' : 'unreachable', detail: error };
  } catch (thrown) {
    close();
    return { ok: false, reason: 'unsupported', detail: String(thrown) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
