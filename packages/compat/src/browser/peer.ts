import type { LinkState, RemoteParticipantSnapshot } from '@callbox/client';
import {
  FileReceiver,
  FileSender,
  fileTransferProtocol,
  readFileMetadata,
  readJson,
  type FileMetadata,
} from './file-transfer.ts';
import { holdTracks } from './video-element.ts';
import { WildEmitter } from './wild-emitter.ts';

export type PeerType = 'video' | 'screen';

/** What a peer tells, and its parent after it. */
export interface PeerEvents {
  channelOpen: [channel: RTCDataChannel, event?: Event];
  channelClose: [channel: RTCDataChannel, event?: Event];
  channelError: [channel: RTCDataChannel, event?: Event];
  channelMessage: [
    peer: Peer,
    label: string,
    data: { type?: unknown; payload?: unknown; volume?: unknown },
    channel: RTCDataChannel,
    event: MessageEvent,
  ];
  fileTransfer: [metadata: FileMetadata, receiver: FileReceiver];
  iceConnectionStateChange: [event: Event];
  signalingStateChange: [event: Event];
  negotiationNeeded: [event: Event];
}

/** What a peer needs of the instance that it belongs to. */
export interface PeerHost {
  readonly peers: Peer[];
  send(peer: Peer, type: string, payload: unknown): void;
  openChannel(id: string, label: string, init?: RTCDataChannelInit): RTCDataChannel | null;
  emit(name: string, ...values: readonly unknown[]): unknown;
}

interface PeerOptions {
  readonly id: string;
  readonly type: PeerType;
  readonly parent: PeerHost;
  readonly enableDataChannels: boolean;
}

const iceStates = {
  connecting: 'checking',
  connected: 'connected',
  reconnecting: 'disconnected',
  failed: 'failed',
} as const satisfies Record<LinkState['kind'], RTCIceConnectionState>;

/**
 * How the connection to somebody stands, by the names of `RTCPeerConnection`. The connection itself is the client's own: it
 * may be replaced at any time without the page having to know.
 */
export class PeerConnectionView extends WildEmitter<{
  iceConnectionStateChange: [event: Event];
  signalingStateChange: [event: Event];
  close: [];
}> {
  iceConnectionState: RTCIceConnectionState = 'new';
  signalingState: RTCSignalingState = 'stable';
}

/** Somebody's camera and microphone, or somebody's screen. */
export class Peer extends WildEmitter<PeerEvents> {
  readonly id: string;
  readonly type: PeerType;
  readonly parent: PeerHost;
  readonly enableDataChannels: boolean;
  readonly pc = new PeerConnectionView();
  readonly channels: Record<string, RTCDataChannel> = {};
  readonly sid = Date.now().toString();
  readonly oneway = false;
  readonly sharemyscreen = false;
  readonly broadcaster = null;
  readonly browserPrefix = 'webkit';
  nick: string | undefined;
  stream: MediaStream | undefined;
  videoEl: HTMLMediaElement | undefined;
  closed = false;
  #media: { readonly audio: boolean; readonly video: boolean } | null = null;

  constructor({ id, type, parent, enableDataChannels }: PeerOptions) {
    super();
    this.id = id;
    this.type = type;
    this.parent = parent;
    this.enableDataChannels = enableDataChannels;
    this.on('*', (name: string, ...values: unknown[]) => void parent.emit(name, ...values));
  }

  /** Follows what is known of the participant. */
  follow({ displayName, link, tracks, media }: RemoteParticipantSnapshot): void {
    this.nick = displayName === '' ? undefined : displayName;
    this.#followLink(link);
    const [sound, picture] =
      this.type === 'screen' ? [tracks.screenAudio, tracks.screen] : [tracks.audio, tracks.camera];
    const present = [sound, picture].filter((track) => track !== null);
    if (this.stream !== undefined) {
      holdTracks(this.stream, present);
    } else if (present.length > 0) {
      this.stream = new MediaStream(present);
      this.parent.emit('peerStreamAdded', this);
    }
    if (this.type === 'video' && this.stream !== undefined) this.#followMedia(media);
  }

  /** Sends by way of the server. */
  send(type: string, payload?: unknown): void {
    this.parent.send(this, type, payload);
  }

  /** Sends over a data channel, opened on the first try. False where it is not open yet. */
  sendDirectly(label: string, type: string, payload?: unknown): boolean {
    const channel = this.getDataChannel(label);
    if (channel?.readyState !== 'open') return false;
    channel.send(JSON.stringify({ type, payload }));
    return true;
  }

  /** The channel of that label, opened where there is none. Undefined while there is no connection. */
  getDataChannel(label: string, init: RTCDataChannelInit = {}): RTCDataChannel | undefined {
    const known = Object.hasOwn(this.channels, label) ? this.channels[label] : undefined;
    if (known !== undefined && known.readyState !== 'closed') return known;
    return this.parent.openChannel(this.id, label, init) ?? undefined;
  }

  sendFile(file: File): FileSender {
    const sender = new FileSender();
    const channel = this.getDataChannel(`filetransfer${Date.now()}`, { protocol: fileTransferProtocol });
    if (channel !== undefined) sender.send(file, channel);
    return sender;
  }

  /** There is a channel, whoever opened it. */
  observeChannel(channel: RTCDataChannel): void {
    this.channels[channel.label] = channel;
    channel.addEventListener('close', (event) => this.emit('channelClose', channel, event));
    channel.addEventListener('error', (event) => this.emit('channelError', channel, event));
    channel.addEventListener('open', (event) => this.emit('channelOpen', channel, event));
    if (channel.protocol !== fileTransferProtocol) {
      channel.addEventListener('message', (event: MessageEvent<unknown>) => this.#receive(channel, event));
    } else {
      // What comes after the first message is the file, for its receiver.
      const receive = ({ data }: MessageEvent<unknown>) => this.#receiveFile(channel, data);
      channel.addEventListener('message', receive, { once: true });
    }
    if (channel.readyState === 'open') this.emit('channelOpen', channel);
  }

  start(): void {
    // The connection is made by the client, as soon as both are in the room.
  }

  icerestart(): void {
    // Done by the client, when it is needed.
  }

  /** Lets go of the peer on this page; the participant stays in the room. */
  end(): void {
    if (this.closed) return;
    this.closed = true;
    this.#changeState('closed');
    const index = this.parent.peers.indexOf(this);
    if (index >= 0) this.parent.peers.splice(index, 1);
    this.parent.emit('peerStreamRemoved', this);
  }

  #receive(channel: RTCDataChannel, event: MessageEvent<unknown>): void {
    const data = readJson(event.data);
    // Old pages read `data.type` without a look.
    if (typeof data === 'object' && data !== null)
      this.emit('channelMessage', this, channel.label, data, channel, event);
  }

  #receiveFile(channel: RTCDataChannel, data: unknown): void {
    const metadata = readFileMetadata(data);
    if (metadata === null) return channel.close();
    this.emit('fileTransfer', metadata, new FileReceiver(metadata, channel));
  }

  #followLink(link: LinkState): void {
    const state = iceStates[link.kind];
    if (state === this.pc.iceConnectionState) return;
    this.#changeState(state);
    if (state === 'failed') this.parent.emit('iceFailed', this);
  }

  #changeState(state: RTCIceConnectionState): void {
    const event = new Event('iceconnectionstatechange');
    this.pc.iceConnectionState = state;
    this.pc.emit('iceConnectionStateChange', event);
    this.emit('iceConnectionStateChange', event);
  }

  /** At first only what is off is told, as old pages take for granted that all is on. */
  #followMedia(media: { readonly audio: boolean; readonly video: boolean }): void {
    const before = this.#media ?? { audio: true, video: true };
    this.#media = media;
    for (const name of ['audio', 'video'] as const) {
      if (before[name] !== media[name])
        this.parent.emit(media[name] ? 'unmute' : 'mute', { id: this.id, name });
    }
  }
}
