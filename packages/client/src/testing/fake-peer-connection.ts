/** The real one, also while a test has faked the clock. Browsers tell candidates in tasks, after the description. */
const inTask = globalThis.setImmediate;

/**
 * A stand-in for RTCPeerConnection that keeps the rules of JSEP on which negotiation rests: signaling states, implicit
 * rollback, which transceivers an offer is matched with, and when `negotiationneeded` is told. Its SDP is JSON. What
 * needs a network, the states of ICE and of the connection, is set by the test.
 */
export class FakePeerConnection extends EventTarget {
  signalingState: RTCSignalingState = 'stable';
  connectionState: RTCPeerConnectionState = 'new';
  iceConnectionState: RTCIceConnectionState = 'new';
  configuration: RTCConfiguration;
  stats = new Map<string, unknown>();
  readonly channels: { readonly label: string }[] = [];
  readonly addedCandidates: RTCIceCandidateInit[] = [];
  /** Each operation of the connection waits for this first, so that a test can hold it back. */
  gate: Promise<void> = Promise.resolve();
  failNextDescription = false;

  #local: FakeDescription | null = null;
  #remote: FakeDescription | null = null;
  #transceivers: FakeTransceiver[] = [];
  #restartWanted = false;
  #iceRound = 0;
  #checkQueued = false;
  readonly #name: string;

  constructor(configuration: RTCConfiguration = {}, name = 'fake') {
    super();
    this.#name = name;
    this.configuration = configuration;
  }

  static generateCertificate(): Promise<object> {
    return Promise.resolve({ expires: 0 });
  }

  get localDescription(): { type: RTCSdpType; sdp: string } | null {
    return this.#local === null ? null : { type: this.#local.type, sdp: JSON.stringify(this.#local) };
  }

  get remoteDescription(): { type: RTCSdpType; sdp: string } | null {
    return this.#remote === null ? null : { type: this.#remote.type, sdp: JSON.stringify(this.#remote) };
  }

  get currentLocalDescription(): null {
    return null;
  }

  get currentRemoteDescription(): null {
    return null;
  }

  get closed(): boolean {
    return this.signalingState === 'closed';
  }

  getTransceivers(): FakeTransceiver[] {
    return [...this.#transceivers];
  }

  createDataChannel(label: string, init: RTCDataChannelInit = {}): { label: string } {
    const channel = { ...init, label };
    this.channels.push(channel);
    return channel;
  }

  addTransceiver(kind: 'audio' | 'video', init: RTCRtpTransceiverInit = {}): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind, init.direction ?? 'sendrecv', true);
    this.#transceivers.push(transceiver);
    this.#queueCheck();
    return transceiver;
  }

  /** Words that say nothing: what `setLocalDescription` sets is made when it is set. */
  createOffer(): Promise<RTCSessionDescriptionInit> {
    return Promise.resolve({ type: 'offer', sdp: '' });
  }

  createAnswer(): Promise<RTCSessionDescriptionInit> {
    return Promise.resolve({ type: 'answer', sdp: '' });
  }

  async setLocalDescription(_description?: RTCLocalSessionDescriptionInit): Promise<void> {
    await this.#begin();
    if (this.signalingState === 'have-remote-offer') this.#answer();
    else if (this.signalingState === 'stable') this.#offer();
    else throw new DOMException('an offer is open', 'InvalidStateError');
    for (const candidate of [`${this.#name}-${this.#iceRound}-1`, `${this.#name}-${this.#iceRound}-2`]) {
      this.#tellCandidate(candidate);
    }
    this.#tellCandidate(null);
  }

  async setRemoteDescription({ type, sdp }: { type: RTCSdpType; sdp: string }): Promise<void> {
    await this.#begin();
    const description = JSON.parse(sdp) as FakeDescription;
    if (type === 'offer') this.#applyOffer(description);
    else this.#applyAnswer(description);
  }

  async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    await this.#begin();
    if (this.#remote === null) throw new DOMException('there is no remote description', 'InvalidStateError');
    const { usernameFragment } = candidate;
    if (usernameFragment !== this.#remote.usernameFragment && candidate.candidate !== '') {
      throw new DOMException('the candidate belongs to another description', 'OperationError');
    }
    this.addedCandidates.push(candidate);
  }

  restartIce(): void {
    this.#restartWanted = true;
    this.#queueCheck();
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  getStats(): Promise<ReadonlyMap<string, unknown>> {
    return Promise.resolve(this.stats);
  }

  close(): void {
    this.signalingState = 'closed';
    this.connectionState = 'closed';
  }

  /** Puts the connection into these states, as a network would; the second changes after the first is told, as in Chromium. */
  become(connectionState: RTCPeerConnectionState, iceConnectionState: RTCIceConnectionState): void {
    this.iceConnectionState = iceConnectionState;
    this.dispatchEvent(new Event('iceconnectionstatechange'));
    this.connectionState = connectionState;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  asConnection(): RTCPeerConnection {
    return this as unknown as RTCPeerConnection;
  }

  async #begin(): Promise<void> {
    await this.gate;
    if (this.closed) throw new DOMException('the connection is closed', 'InvalidStateError');
    if (this.failNextDescription) {
      this.failNextDescription = false;
      throw new DOMException('the description is no good', 'OperationError');
    }
  }

  #offer(): void {
    if (this.#local === null || this.#restartWanted) this.#iceRound += 1;
    this.#restartWanted = false;
    let next = this.#transceivers.filter(({ mid }) => mid !== null).length;
    for (const transceiver of this.#transceivers) transceiver.mid ??= String(next++);
    this.#local = this.#describe('offer');
    this.signalingState = 'have-local-offer';
  }

  #answer(): void {
    if (this.#local === null || this.#remote?.restarted === true) this.#iceRound += 1;
    this.#local = this.#describe('answer');
    this.#agree();
  }

  #applyOffer(description: FakeDescription): void {
    if (this.signalingState === 'have-local-offer') this.#rollback();
    for (const { mid, kind } of description.sections) {
      // RFC 8829 §5.10: what `addTransceiver` made is never matched with a section of an offer.
      if (this.#transceivers.some((transceiver) => transceiver.mid === mid)) continue;
      const added = new FakeTransceiver(kind, 'recvonly', false);
      added.mid = mid;
      this.#transceivers.push(added);
    }
    this.#remote = description;
    this.signalingState = 'have-remote-offer';
  }

  #applyAnswer(description: FakeDescription): void {
    if (this.signalingState !== 'have-local-offer') {
      throw new DOMException('no offer is open', 'InvalidStateError');
    }
    this.#remote = description;
    this.#agree();
  }

  #rollback(): void {
    for (const transceiver of this.#transceivers) {
      if (transceiver.made && transceiver.currentDirection === null) transceiver.mid = null;
      // As Chromium does.
      transceiver.sender.parameters = { ...transceiver.sender.parameters, encodings: [{}] };
    }
    this.#restartWanted = true;
    this.signalingState = 'stable';
  }

  #agree(): void {
    for (const transceiver of this.#transceivers) {
      const theirs =
        this.#remote?.sections.find(({ mid }) => mid === transceiver.mid)?.direction ?? 'inactive';
      transceiver.currentDirection = agreedDirection(transceiver.direction, theirs);
    }
    this.#restartWanted = false;
    this.signalingState = 'stable';
    this.#queueCheck();
  }

  #describe(type: 'offer' | 'answer'): FakeDescription {
    const previous = this.#local?.usernameFragment;
    const usernameFragment = `${this.#name}-ufrag-${this.#iceRound}`;
    return {
      type,
      usernameFragment,
      restarted: previous !== undefined && previous !== usernameFragment,
      sections: this.#transceivers.flatMap(({ mid, kind, direction }) =>
        mid === null ? [] : [{ mid, kind, direction }],
      ),
    };
  }

  #tellCandidate(line: string | null): void {
    const usernameFragment = this.#local?.usernameFragment ?? null;
    const candidate =
      line === null ? null : { candidate: line, sdpMid: '0', sdpMLineIndex: 0, usernameFragment };
    inTask(() => this.closed || this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate })));
  }

  #queueCheck(): void {
    if (this.#checkQueued) return;
    this.#checkQueued = true;
    queueMicrotask(() => {
      this.#checkQueued = false;
      if (this.signalingState !== 'stable') return;
      const unheard = this.#transceivers.some(({ mid, currentDirection, made }) =>
        made ? mid === null || currentDirection === null : false,
      );
      if (unheard || this.#restartWanted) this.dispatchEvent(new Event('negotiationneeded'));
    });
  }
}

export interface FakeDescription {
  readonly type: 'offer' | 'answer';
  readonly usernameFragment: string;
  readonly restarted: boolean;
  readonly sections: readonly {
    mid: string;
    kind: 'audio' | 'video';
    direction: RTCRtpTransceiverDirection;
  }[];
}

export class FakeTransceiver {
  mid: string | null = null;
  currentDirection: RTCRtpTransceiverDirection | null = null;
  readonly kind: 'audio' | 'video';
  direction: RTCRtpTransceiverDirection;
  /** Made by this side's `addTransceiver`, not by an offer of the other. */
  readonly made: boolean;
  readonly sender = new FakeSender();
  readonly receiver: { track: MediaStreamTrack; getSynchronizationSources: () => { audioLevel: number }[] };
  codecs: readonly RTCRtpCodec[] = [];

  constructor(kind: 'audio' | 'video', direction: RTCRtpTransceiverDirection, made: boolean) {
    this.kind = kind;
    this.direction = direction;
    this.made = made;
    this.receiver = {
      track: { kind } as MediaStreamTrack,
      getSynchronizationSources: () => [{ audioLevel: 0.1 }],
    };
  }

  setCodecPreferences(codecs: readonly RTCRtpCodec[]): void {
    this.codecs = codecs;
  }
}

export class FakeSender {
  track: MediaStreamTrack | null = null;
  streams: readonly MediaStream[] = [];
  parameters: RTCRtpSendParameters = {
    transactionId: '0',
    encodings: [{}],
    codecs: [],
    headerExtensions: [],
    rtcp: {},
  };
  /** Each step of the sender waits for this first. */
  gate: Promise<void> = Promise.resolve();
  readonly steps: string[] = [];

  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.steps.push(`replaceTrack ${track?.id ?? 'null'}`);
    await this.gate;
    this.track = track;
    this.steps.push('replaced');
  }

  getParameters(): RTCRtpSendParameters {
    return structuredClone(this.parameters);
  }

  async setParameters(parameters: RTCRtpSendParameters): Promise<void> {
    this.steps.push('setParameters');
    await this.gate;
    this.parameters = parameters;
    this.steps.push('set');
  }

  setStreams(...streams: MediaStream[]): void {
    this.streams = streams;
  }
}

function agreedDirection(
  own: RTCRtpTransceiverDirection,
  theirs: RTCRtpTransceiverDirection,
): RTCRtpTransceiverDirection {
  const send = own.startsWith('send') && (theirs === 'sendrecv' || theirs === 'recvonly');
  const receive = (own === 'sendrecv' || own === 'recvonly') && theirs.startsWith('send');
  if (send && receive) return 'sendrecv';
  if (send) return 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

/** What the engine takes from the browser's global scope, as far as negotiation needs it. */
export const fakeBrowserGlobals = {
  RTCPeerConnection: FakePeerConnection,
  navigator: { sendBeacon: () => true },
  MediaStream: class {
    readonly id = 'fake';
  },
  RTCRtpReceiver: {
    getCapabilities: () => ({
      codecs: [{ mimeType: 'video/AV1' }, { mimeType: 'video/VP8' }],
      headerExtensions: [],
    }),
  },
};
