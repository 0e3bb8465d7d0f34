/** What the probe leaves in the page for the samplers to read. */
export interface PageProbe {
  /** Every connection of the page that has had a description, in the order in which they did. */
  readonly connections: RTCPeerConnection[];
  /** Of each of them, the milliseconds from its first description to its first state `connected`; null before that. */
  readonly connectMs: (number | null)[];
  /** Asks the browser's own `getStats`: pages put others in its place, which may never answer. */
  statisticsOf(connection: RTCPeerConnection): Promise<RTCStatsReport>;
}

declare global {
  interface Window {
    callboxProbe: PageProbe;
  }
}

/**
 * Runs in every page before its own scripts: keeps hold of each RTCPeerConnection, so that a test can ask the browser
 * itself what arrives, and turns a violation of the page's policy into an error line of the console.
 */
export function installPageProbe(): void {
  const connections: RTCPeerConnection[] = [];
  const connectMs: (number | null)[] = [];
  // A page of the browser's own, such as about:blank in some states, has no connections.
  const hasConnections = typeof RTCPeerConnection === 'function';
  const ownGetStats = hasConnections ? Reflect.get(RTCPeerConnection.prototype, 'getStats') : null;
  const statisticsOf = (connection: RTCPeerConnection): Promise<RTCStatsReport> =>
    ownGetStats === null ? connection.getStats() : Reflect.apply(ownGetStats, connection, []);
  Object.defineProperty(window, 'callboxProbe', { value: { connections, connectMs, statisticsOf } });
  if (hasConnections) {
    const watched = new Proxy(RTCPeerConnection, {
      construct(target, parameters: [RTCConfiguration?]) {
        const connection = new target(...parameters);
        // A page may make one long before it is needed, and let go of it: it counts from its first description.
        connection.addEventListener(
          'signalingstatechange',
          () => {
            const index = connections.push(connection) - 1;
            const beganAt = performance.now();
            connectMs[index] = null;
            connection.addEventListener('connectionstatechange', () => {
              if (connection.connectionState === 'connected')
                connectMs[index] ??= performance.now() - beganAt;
            });
          },
          { once: true },
        );
        return connection;
      },
    });
    // The second is Chromium's, for pages of long ago.
    for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection'])
      if (name in window) Object.assign(window, { [name]: watched });
  }
  document.addEventListener('securitypolicyviolation', (event) => {
    // oxlint-disable-next-line no-console -- the console is how the page talks to the test
    console.error(`policy violated: ${event.effectiveDirective} by ${event.blockedURI || event.sample}`);
  });
}
