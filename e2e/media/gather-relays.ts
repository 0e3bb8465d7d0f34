import type { Guest } from '../browser/guest.ts';

/** One URL of an ICE server that a guest was given, and what the browser got from it. */
export interface RelayTrial {
  readonly url: string;
  /** How many relayed addresses it gave. */
  readonly relays: number;
  readonly errors: readonly string[];
}

/** Tries each URL that the page's first connection was given, alone, as the guest's own browser does it. */
export function gatherRelays(guest: Guest): Promise<RelayTrial[]> {
  return guest.evaluate(gatherInPage, null);
}

async function gatherInPage(): Promise<RelayTrial[]> {
  const servers = window.callboxProbe.connections[0]?.getConfiguration().iceServers ?? [];
  const trials = servers.flatMap((server) => [server.urls].flat().map((url) => ({ ...server, urls: [url] })));
  return Promise.all(
    trials.map(async (server) => {
      const connection = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: 'relay' });
      const errors: string[] = [];
      let relays = 0;
      connection.addEventListener('icecandidateerror', (event) =>
        errors.push(`${event.errorCode} ${event.errorText}`),
      );
      const gathered = new Promise<void>((resolve) => {
        connection.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate === null) resolve();
          else if (candidate.type === 'relay') relays += 1;
        });
      });
      connection.createDataChannel('trial');
      await connection.setLocalDescription();
      await gathered;
      connection.close();
      return { url: server.urls.join(), relays, errors };
    }),
  );
}
