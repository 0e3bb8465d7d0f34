import type { CheckBrowser } from '../check/check-types.ts';

/** How the network of a test treats one URL. */
export interface FakeWay {
  /** Candidates of this kind are found there; `none`: gathering ends without. */
  readonly candidate: 'relay' | 'srflx' | 'none' | 'never-ends';
  /** An error that the browser tells of, as it tells them. */
  readonly error?: { readonly errorCode: number; readonly errorText: string };
  /** Whether the two ends find each other. */
  readonly connects?: boolean;
  /** Of packets, which share gets through; every how many-th is lost. */
  readonly losesEvery?: number;
  readonly carriesNothing?: boolean;
}

export interface FakeCheckBrowser extends CheckBrowser {
  /** Connections that were made and not closed. */
  readonly openConnections: () => number;
  readonly configurations: readonly RTCConfiguration[];
}

export interface FakeCheckBrowserOptions {
  readonly ways: Readonly<Record<string, FakeWay>>;
  readonly respond: (url: string) => Response | Promise<Response>;
  readonly socketSays: string | undefined;
}

class FakeChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting';
  bufferedAmount = 0;
  binaryType = 'arraybuffer';
  other: FakeChannel | undefined;
  #sent = 0;
  readonly #way: FakeWay;

  constructor(way: FakeWay) {
    super();
    this.#way = way;
  }

  open(): void {
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }

  send(data: string | Uint8Array): void {
    this.#sent += 1;
    const { losesEvery, carriesNothing } = this.#way;
    if (carriesNothing === true || (losesEvery !== undefined && this.#sent % losesEvery === 0)) return;
    const received = typeof data === 'string' ? data : data.slice().buffer;
    queueMicrotask(() => this.other?.dispatchEvent(new MessageEvent('message', { data: received })));
  }
}

/** The last end that has described itself, by its description: how the two of a call find each other. */
const ends = new Map<string, FakeConnection>();
let count = 0;

class FakeConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { readonly type: RTCSdpType; readonly sdp: string } | null = null;
  isClosed = false;
  readonly way: FakeWay;
  channel: FakeChannel | undefined;
  #remote: FakeConnection | undefined;

  constructor(way: FakeWay) {
    super();
    this.way = way;
  }

  createDataChannel(): FakeChannel {
    this.channel = new FakeChannel(this.way);
    return this.channel;
  }

  setLocalDescription(): Promise<void> {
    const sdp = String((count += 1));
    ends.set(sdp, this);
    this.localDescription = { type: this.#remote === undefined ? 'offer' : 'answer', sdp };
    setTimeout(() => this.#gather(), 5);
    return Promise.resolve();
  }

  setRemoteDescription({ type, sdp }: { readonly type: RTCSdpType; readonly sdp: string }): Promise<void> {
    this.#remote = ends.get(sdp);
    if (type === 'answer' && this.way.connects !== false) setTimeout(() => this.#connect(), 20);
    if (type === 'answer' && this.way.connects === false) setTimeout(() => this.#fail(), 20);
    return Promise.resolve();
  }

  addIceCandidate(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.isClosed = true;
  }

  #gather(): void {
    const { candidate, error } = this.way;
    if (error !== undefined) this.#tell('icecandidateerror', error);
    if (candidate === 'never-ends') return;
    if (candidate !== 'none') {
      this.#tell('icecandidate', { candidate: { type: candidate, address: '192.0.2.9' } });
    }
    this.#tell('icecandidate', { candidate: null });
  }

  #connect(): void {
    const remote = this.#remote;
    if (this.way.candidate !== 'relay' || this.channel === undefined || remote === undefined) return;
    const channel = new FakeChannel(this.way);
    channel.other = this.channel;
    this.channel.other = channel;
    remote.#tell('datachannel', { channel });
    channel.open();
    this.channel.open();
  }

  #fail(): void {
    this.connectionState = 'failed';
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  #tell(name: string, fields: object): void {
    if (!this.isClosed) this.dispatchEvent(Object.assign(new Event(name), fields));
  }
}

class FakeSocket extends EventTarget {
  constructor(says: string | undefined) {
    super();
    setTimeout(() => {
      this.dispatchEvent(
        says === undefined ? new Event('error') : new MessageEvent('message', { data: says }),
      );
    }, 5);
  }

  close(): void {}
}

/** A browser whose network does as a test says. */
export function createFakeCheckBrowser(options: FakeCheckBrowserOptions): FakeCheckBrowser {
  const made: FakeConnection[] = [];
  const configurations: RTCConfiguration[] = [];
  return {
    fetch: (url) => Promise.resolve(options.respond(url)),
    createSocket: () => new FakeSocket(options.socketSays) as unknown as WebSocket,
    createConnection: (configuration) => {
      configurations.push(configuration);
      const url = String(configuration.iceServers?.[0]?.urls);
      const connection = new FakeConnection(options.ways[url] ?? { candidate: 'none' });
      made.push(connection);
      return connection as unknown as RTCPeerConnection;
    },
    now: () => performance.now(),
    openConnections: () => made.filter(({ isClosed }) => !isClosed).length,
    configurations,
  };
}
