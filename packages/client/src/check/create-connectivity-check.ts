import { createSnapshotStore } from '../snapshot-store.ts';
import { checkMapping } from './check-mapping.ts';
import { checkRelay } from './check-relay.ts';
import { checkSocket } from './check-socket.ts';
import {
  checkWays,
  type CheckBrowser,
  type CheckState,
  type CheckWay,
  type ConnectivityCheck,
  type ConnectivitySnapshot,
} from './check-types.ts';
import { fetchCheckServers } from './fetch-check-servers.ts';
import { listCheckTargets } from './list-check-targets.ts';

/** Which server is checked. */
export interface ConnectivityCheckOptions {
  /** Where signaling is, with the path below which the server serves; by default where the page is from. */
  readonly signalingUrl?: string;
  /** Other parts than the browser's own, in tests. */
  readonly browser?: CheckBrowser;
}

const ownBrowser: CheckBrowser = {
  fetch: (url, init) => fetch(url, init),
  createSocket: (url) => new WebSocket(url),
  createConnection: (configuration) => new RTCPeerConnection(configuration),
  now: () => performance.now(),
};

function allWays(state: CheckState): ConnectivitySnapshot['ways'] {
  return Object.fromEntries(checkWays.map((way) => [way, state])) as Record<CheckWay, CheckState>;
}

/**
 * Makes a check of all ways to one server. They are tried one after the other, so that none takes the line from another.
 */
export function createConnectivityCheck(options: ConnectivityCheckOptions = {}): ConnectivityCheck {
  const browser = options.browser ?? ownBrowser;
  const base = options.signalingUrl ?? document.baseURI;
  const store = createSnapshotStore<ConnectivitySnapshot>({
    state: 'idle',
    ways: allWays({ kind: 'waiting' }),
  });
  let current = new AbortController();

  function set(way: CheckWay, state: CheckState): void {
    store.update((snapshot) => ({ ...snapshot, ways: { ...snapshot.ways, [way]: state } }));
  }

  async function tryWay(way: CheckWay, signal: AbortSignal, run: () => Promise<CheckState>): Promise<void> {
    if (signal.aborted) return;
    set(way, { kind: 'running' });
    let state: CheckState;
    try {
      state = await run();
    } catch (error) {
      state = { kind: 'failed', reason: 'unsupported', detail: String(error) };
    }
    if (!signal.aborted) set(way, state);
  }

  async function tryServers(signal: AbortSignal): Promise<void> {
    const servers = await fetchCheckServers(browser, base, signal);
    const targets = servers.ok ? listCheckTargets(servers.iceServers) : null;
    for (const way of checkWays) {
      if (way === 'socket') continue;
      await tryWay(way, signal, async () => {
        if (targets !== null) return tryTargets(way, targets[way], signal);
        // Whether there are others is not known.
        if (servers.ok || way === 'relay-other') return { kind: 'absent' };
        return { kind: 'failed', reason: servers.reason, detail: servers.detail };
      });
    }
  }

  /** Each of them has to work; of those that do, the slowest stands for all. */
  async function tryTargets(
    way: CheckWay,
    targets: readonly RTCIceServer[],
    signal: AbortSignal,
  ): Promise<CheckState> {
    const check = way === 'mapping' ? checkMapping : checkRelay;
    let slowest: CheckState = { kind: 'absent' };
    for (const target of targets) {
      const state = await check(browser, target, signal);
      if (state.kind === 'failed') return { ...state, detail: nameRelay(way, target, state.detail) };
      if (delayOf(state) >= delayOf(slowest)) slowest = state;
    }
    return slowest;
  }

  return {
    get snapshot() {
      return store.snapshot;
    },
    subscribe: store.subscribe,
    async run() {
      current.abort();
      const round = new AbortController();
      current = round;
      store.update(() => ({ state: 'running', ways: allWays({ kind: 'waiting' }) }));
      await tryWay('socket', round.signal, () => checkSocket(browser, base, round.signal));
      await tryServers(round.signal);
      if (!round.signal.aborted) store.update((snapshot) => ({ ...snapshot, state: 'done' }));
    },
    close() {
      current.abort();
    },
  };
}

/** Of several relays, the one that fails is named. */
function nameRelay(way: CheckWay, { urls }: RTCIceServer, detail: string): string {
  return way === 'relay-other' ? `${String(urls)}: ${detail}` : detail;
}

function delayOf(state: CheckState): number {
  return state.kind === 'good' ? (state.figures.delayMs ?? 0) : -1;
}
