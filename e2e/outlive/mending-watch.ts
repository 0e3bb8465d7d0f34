import type { Guest } from '../browser/guest.ts';

/** What a page has done to mend its connections since `watchMending`. */
export interface MendingReport {
  /** Connections that the page has now, each once made. A rebuilt one is one more. */
  readonly connections: number;
  /** Each exchange of descriptions since, by the credentials of ICE that changed with it. */
  readonly restarts: readonly {
    /** Since the watch began. */
    readonly atMs: number;
    /** Whether this page has begun it, and not answered. */
    readonly offered: boolean;
  }[];
}

interface MendingWatch {
  readonly restarts: { atMs: number; offered: boolean }[];
  readonly stop: () => void;
}

declare global {
  interface Window {
    callboxMending?: MendingWatch;
  }
}

/** Begins to note each restart of ICE on the connections of a page, whichever side begins it. */
export function watchMending(guest: Guest): Promise<void> {
  return guest.evaluate(() => {
    window.callboxMending?.stop();
    const startedAtMs = performance.now();
    const restarts: MendingWatch['restarts'] = [];
    const known = new Map<RTCPeerConnection, string | undefined>();
    const readUfrag = ({ localDescription }: RTCPeerConnection) =>
      /a=ice-ufrag:(\S+)/.exec(localDescription?.sdp ?? '')?.[1];
    for (const connection of window.callboxProbe.connections) known.set(connection, readUfrag(connection));
    const look = () => {
      for (const [connection, before] of known) {
        const ufrag = readUfrag(connection);
        if (ufrag === before) continue;
        known.set(connection, ufrag);
        const offered = connection.localDescription?.type === 'offer';
        restarts.push({ atMs: performance.now() - startedAtMs, offered });
      }
    };
    // An offer that is answered stays an offer: nothing is missed between two looks but the moment.
    const timer = setInterval(look, 50);
    window.callboxMending = { restarts, stop: () => clearInterval(timer) };
  }, null);
}

export function readMending(guest: Guest): Promise<MendingReport> {
  return guest.evaluate(() => {
    const watch = window.callboxMending;
    if (watch === undefined) throw new Error('nobody watches the mending of this page');
    return { connections: window.callboxProbe.connections.length, restarts: [...watch.restarts] };
  }, null);
}
