import {
  createCallboxClient,
  createLocalMedia,
  type CallboxClient,
  type LocalMedia,
  type RemoteParticipantSnapshot,
  type Room,
} from '@callbox/client';
import { readChatText, writeChatPayload } from '../shared/chat-payload.ts';
import { readOldRoomName } from '../shared/old-room-name.ts';
import { describeRoom, type RoomDescription } from './room-description.ts';
import { readCapabilities, type Capabilities } from './capabilities.ts';
import { OldConnection, type PageMessage } from './old-connection.ts';
import { completeOptions, type Config, type Logger, type SimpleWebRTCOptions } from './options.ts';
import { createOwnDevices, type OwnDevices } from './own-devices.ts';
import { Peer, type PeerHost, type PeerType } from './peer.ts';
import { explainPlace, explainSilence } from './page-place.ts';
import { defaultServerUrl } from './script-origin.ts';
import type { SimpleWebRTCEvents } from './simple-webrtc-events.ts';
import { tellSpeech } from './tell-speech.ts';
import { findVideo, showStream } from './video-element.ts';
import { WildEmitter } from './wild-emitter.ts';

type JoinCallback = (error: string | null, room?: RoomDescription) => void;
type CreateCallback = (error: string | null, name?: string) => void;
type ShareCallback = (error: Error | null, stream?: MediaStream | null) => void;

/** What an instance stands on; a test gives its own. */
export interface Foundation {
  readonly createClient: (options: { readonly signalingUrl: string }) => CallboxClient;
  readonly createMedia: () => LocalMedia;
}

const foundation: Foundation = { createClient: createCallboxClient, createMedia: createLocalMedia };
const silent: Logger = { log() {}, warn() {}, error() {} };
/** The channel that old clients open with every connection. */
const firstChannel = 'simplewebrtc';

/**
 * The class that pages of SimpleWebRTC know, with the options, methods, events and element ids of its last version. Under
 * them is the client of Callbox, which mends connections, comes back after a loss, and meets old and new clients in one room.
 */
export class SimpleWebRTC extends WildEmitter<SimpleWebRTCEvents> implements PeerHost {
  readonly config: Config;
  readonly capabilities: Capabilities;
  readonly connection: OldConnection;
  readonly logger: Logger;
  readonly peers: Peer[] = [];
  roomName: string | undefined;
  sessionReady = false;
  readonly #url: URL;
  readonly #client: CallboxClient;
  readonly #media: LocalMedia;
  readonly #devices: OwnDevices;
  #room: Room | null = null;
  #isOver = false;

  constructor(options: SimpleWebRTCOptions = {}, { createClient, createMedia }: Foundation = foundation) {
    super();
    if (options.connection !== undefined && options.connection !== null) {
      throw new TypeError(
        'SimpleWebRTC of Callbox has its own way to the server: leave the option connection out, and give url.',
      );
    }
    this.config = completeOptions(options, defaultServerUrl());
    this.#url = new URL(this.config.url, globalThis.location.href);
    this.logger = options.logger ?? (this.config.debug ? console : silent);
    if (this.config.debug)
      this.on('*', (...values: unknown[]) => this.logger.log('SimpleWebRTC event:', ...values));
    const obstacle = explainPlace(this.#url);
    if (obstacle !== null) this.#warn(obstacle);
    this.#media = createMedia();
    this.#client = createClient({ signalingUrl: this.#url.href });
    this.capabilities = readCapabilities(this.#media.canShareScreen);
    this.connection = new OldConnection(
      (message) => this.#sendAsPage(message),
      () => this.#room?.snapshot.self.id ?? '',
      () => this.disconnect(),
    );
    this.#devices = createOwnDevices({
      media: this.#media,
      wanted: () => this.config.media,
      emit: (name, ...values) => void this.emit(name, ...values),
    });
    this.#listenToItself();
    this.#connect().catch(reportError);
    if (this.config.autoRequestMedia) this.startLocalVideo();
  }

  /** What used to be an object below this one. */
  get webrtc(): this {
    return this;
  }

  get localStreams(): readonly MediaStream[] {
    return this.#devices.localStreams;
  }

  get localScreens(): readonly MediaStream[] {
    return this.#devices.localScreens;
  }

  /** The name that the others see. Also while in a room. */
  setNick(nick: string): void {
    this.config.nick = nick;
    void this.#room?.setDisplayName(nick);
  }

  /** Goes into a room that is empty, and refuses with `taken` where it is not. Without a name: into a new one. */
  createRoom(name?: string | CreateCallback, onCreated?: CreateCallback): void {
    const settle = typeof name === 'function' ? name : (onCreated ?? (() => {}));
    const wanted = typeof name === 'string' && name !== '' ? name : crypto.randomUUID();
    this.roomName = wanted;
    this.#create(wanted).then(
      (error) => (error === null ? settle(null, wanted) : settle(error)),
      reportError,
    );
  }

  /** Goes into a room, and leaves the one before. In the room already: says so and stays. */
  joinRoom(name: string, onJoined?: JoinCallback): void {
    this.roomName = name;
    this.#join(name, onJoined ?? (() => {})).catch(reportError);
  }

  leaveRoom(): void {
    if (this.roomName === undefined) return;
    const name = this.roomName;
    this.#endRoom();
    if (this.getLocalScreen() !== undefined) this.stopScreenShare();
    this.roomName = undefined;
    this.emit('leftRoom', name);
  }

  /** Lets go of the room and the server. The devices stay as they are. */
  disconnect(): void {
    this.#isOver = true;
    this.#endRoom();
    this.sessionReady = false;
    this.#client.close();
    this.connection.tell('disconnect');
  }

  startLocalVideo(): void {
    this.#devices.start((error, stream) => {
      if (error !== null) return this.emit('localMediaError', error);
      const container = this.getLocalVideoContainer();
      if (container !== undefined && stream !== null) showStream(stream, container, this.config.localVideo);
      return undefined;
    });
  }

  stopLocalVideo(): void {
    this.#devices.stop();
  }

  /** Says `readyToCall` where the server is reached and the devices that the page wants are there. */
  testReadiness(): void {
    const { video, audio } = this.config.media;
    const wantsNothing = (video ?? false) === false && (audio ?? false) === false;
    if (this.sessionReady && (wantsNothing || this.localStreams.length > 0)) {
      this.emit('readyToCall', this.connection.getSessionid());
    }
  }

  mute(): void {
    this.#devices.mute();
  }

  unmute(): void {
    this.#devices.unmute();
  }

  pauseVideo(): void {
    this.#devices.pauseVideo();
  }

  resumeVideo(): void {
    this.#devices.resumeVideo();
  }

  pause(): void {
    this.mute();
    this.pauseVideo();
  }

  resume(): void {
    this.unmute();
    this.resumeVideo();
  }

  isAudioEnabled(): boolean {
    return this.#devices.isAudioEnabled();
  }

  isVideoEnabled(): boolean {
    return this.#devices.isVideoEnabled();
  }

  /** To each page in the room, once. A line of chat becomes the room's, so that every kind of client shows it. */
  sendToAll(type: string, payload?: unknown): void {
    const text = readChatText(type, payload);
    if (text !== null) return void this.#room?.sendChat(text);
    for (const peer of this.getPeers(undefined, 'video')) peer.send(type, payload);
    return undefined;
  }

  /** Over data channels, to those where it is open. */
  sendDirectlyToAll(label: string, type: string, payload?: unknown): void {
    for (const peer of this.peers) if (peer.enableDataChannels) peer.sendDirectly(label, type, payload);
  }

  getPeers(id?: string | null, type?: PeerType | null): Peer[] {
    return this.peers.filter(
      (peer) => ((id ?? '') === '' || peer.id === id) && ((type ?? '') === '' || peer.type === type),
    );
  }

  shareScreen(onShared?: ShareCallback): void {
    this.#devices.shareScreen((error, stream) => onShared?.(error, stream));
  }

  getLocalScreen(): MediaStream | undefined {
    return this.localScreens[0];
  }

  stopScreenShare(): void {
    this.#devices.stopScreen();
  }

  setVolumeForAll(volume: number): void {
    for (const { videoEl } of this.peers) if (videoEl !== undefined) videoEl.volume = volume;
  }

  /** Shows a peer whose stream has come. A page may put its own in place of this. */
  handlePeerStreamAdded(peer: Peer): void {
    if (peer.stream === undefined) return;
    const element = showStream(peer.stream);
    peer.videoEl = element;
    element.id = this.getDomId(peer);
    this.getRemoteVideoContainer()?.append(element);
    this.emit('videoAdded', element, peer);
  }

  handlePeerStreamRemoved(peer: Peer): void {
    const { videoEl } = peer;
    if (videoEl === undefined) return;
    if (this.config.autoRemoveVideos) videoEl.remove();
    this.emit('videoRemoved', videoEl, peer);
  }

  getDomId(peer: Peer): string {
    return `${peer.id}_${peer.type}_${peer.broadcaster === null ? 'incoming' : 'broadcasting'}`;
  }

  getEl(idOrElement: string | HTMLElement): HTMLElement | null {
    if (typeof idOrElement !== 'string') return idOrElement;
    return idOrElement === '' ? null : document.getElementById(idOrElement);
  }

  /** The element of the own picture; made where the page names a container. */
  getLocalVideoContainer(): HTMLMediaElement | undefined {
    const element = this.getEl(this.config.localVideoEl);
    return element === null ? undefined : findVideo(element);
  }

  getRemoteVideoContainer(): HTMLElement | null {
    return this.getEl(this.config.remoteVideosEl);
  }

  /** Files go to one peer each: `peer.sendFile(file)`. */
  sendFile(): void {}

  send(peer: Peer, type: string, payload: unknown): void {
    this.#sendMessage(peer.id, peer.type, type, payload);
  }

  openChannel(id: string, label: string, init?: RTCDataChannelInit): RTCDataChannel | null {
    const participant = this.#room?.snapshot.participants.find((other) => other.id === id);
    return participant === undefined ? null : (this.#room?.openChannel(participant.id, label, init) ?? null);
  }

  #listenToItself(): void {
    this.on('peerStreamAdded', (peer) => this.handlePeerStreamAdded(peer));
    this.on('peerStreamRemoved', (peer) => this.handlePeerStreamRemoved(peer));
    this.on('localStream', () => this.testReadiness());
    this.on('localScreen', (stream) => this.#showOwnScreen(stream));
    this.on('localScreenStopped', () => this.#hideOwnScreen());
    this.on('channelMessage', (peer, _label, data) => {
      if (data.type === 'volume' && typeof data.volume === 'number')
        this.emit('remoteVolumeChange', peer, data.volume);
    });
    if (this.config.adjustPeerVolume) {
      this.on('speaking', () => this.setVolumeForAll(this.config.peerVolumeWhenSpeaking));
      this.on('stoppedSpeaking', () => this.setVolumeForAll(1));
    }
    if (this.config.detectSpeakingEvents) this.#watchSpeech();
  }

  async #connect(): Promise<void> {
    let refusal = await this.#client.connect();
    if (refusal !== null) {
      this.emit('error', refusal.message);
      const { message } = refusal;
      explainSilence(this.#url).then((reason) => this.#warn(`${message}. ${reason}`), reportError);
    }
    // The client goes on trying, and the server may come yet.
    while (refusal?.code === 'internal' && !this.#isOver) refusal = await this.#client.connect();
    if (refusal !== null || this.#isOver) return;
    this.sessionReady = true;
    this.connection.tell('connect');
    this.emit('connectionReady', this.connection.getSessionid());
    this.testReadiness();
  }

  async #join(name: string, settle: JoinCallback): Promise<void> {
    const error = await this.#enter(name);
    if (error === null) {
      settle(null, describeRoom(this.#room?.snapshot));
    } else {
      this.emit('error', error);
      settle(error);
    }
    this.emit('joinedRoom', name);
  }

  async #create(name: string): Promise<string | null> {
    const parsed = readOldRoomName(name);
    if (!parsed.ok) return parsed.reason;
    const peek = await this.#client.peekRoom(parsed.value);
    if (!peek.ok) return peek.refusal.message;
    return peek.peek.displayNames.length > 0 ? 'taken' : this.#enter(name);
  }

  /** Resolves with null once inside, or with the word or sentence that says why not. */
  #enter(name: string): Promise<string | null> {
    const parsed = readOldRoomName(name);
    if (!parsed.ok) return Promise.resolve(parsed.reason);
    const present = this.#room?.snapshot;
    if (present?.room === parsed.value && present.state.kind !== 'left' && present.state.kind !== 'refused')
      return Promise.resolve(null);
    this.#endRoom();
    const { iceTransports, iceTransportPolicy } = this.config.peerConnectionConfig;
    const room = this.#client.joinRoom({
      room: parsed.value,
      displayName: this.config.nick ?? '',
      media: this.#media,
      channels: this.config.enableDataChannels ? [firstChannel] : [],
      iceTransportPolicy: [iceTransports, iceTransportPolicy].includes('relay') ? 'relay' : 'all',
    });
    this.#room = room;
    return new Promise((resolve) => this.#follow(room, resolve));
  }

  #follow(room: Room, onEntered: (error: string | null) => void): void {
    room.on('state-changed', (state) => {
      if (room !== this.#room) return;
      if (state.kind === 'joined') onEntered(null);
      if (state.kind !== 'refused') return;
      const { code, message } = state.refusal;
      this.#endRoom();
      onEntered(code === 'room-full' ? 'full' : message);
    });
    room.on('chat-received', ({ authorId, authorName, text }) =>
      this.#receive(authorId, 'chat', writeChatPayload(text, authorName)),
    );
    room.on('app-message', ({ from, type, payload }) => this.#receive(from, type, payload));
    room.on('channel-opened', ({ id, channel }) =>
      this.getPeers(id, 'video').forEach((peer) => peer.observeChannel(channel)),
    );
    room.subscribe(({ participants }) => {
      if (room === this.#room) this.#followOthers(participants);
    });
  }

  #followOthers(participants: readonly RemoteParticipantSnapshot[]): void {
    for (const peer of this.getPeers()) {
      const participant = participants.find(({ id }) => id === peer.id);
      if (participant === undefined || (peer.type === 'screen' && !isShowing(participant))) peer.end();
    }
    for (const participant of participants) {
      this.#peerOf(participant.id, 'video').follow(participant);
      if (isShowing(participant)) this.#peerOf(participant.id, 'screen').follow(participant);
    }
  }

  #peerOf(id: string, type: PeerType): Peer {
    const known = this.getPeers(id, type)[0];
    if (known !== undefined) return known;
    const enableDataChannels = this.config.enableDataChannels && type === 'video';
    const peer = new Peer({ id, type, parent: this, enableDataChannels });
    this.peers.push(peer);
    this.emit('createdPeer', peer);
    return peer;
  }

  #endRoom(): void {
    const room = this.#room;
    this.#room = null;
    room?.leave();
    for (const peer of this.getPeers()) peer.end();
  }

  #receive(from: string, type: string, payload: unknown): void {
    const [peer] = this.getPeers(from, 'video');
    const message: PageMessage = {
      from,
      to: this.connection.getSessionid(),
      roomType: 'video',
      type,
      payload,
      prefix: this.capabilities.prefix,
      ...(peer !== undefined && { sid: peer.sid }),
    };
    this.connection.tell('message', message);
  }

  /** `connection.emit('message', …)` of a page. */
  #sendAsPage(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('to' in message) || !('type' in message)) return;
    if (typeof message.to !== 'string' || typeof message.type !== 'string') return;
    this.#sendMessage(message.to, 'video', message.type, 'payload' in message ? message.payload : undefined);
  }

  #sendMessage(to: string, roomType: PeerType, type: string, payload: unknown): void {
    const participant = this.#room?.snapshot.participants.find(({ id }) => id === to);
    if (participant === undefined) return;
    const { prefix } = this.capabilities;
    this.emit('message', { to, roomType, type, payload, prefix });
    void this.#room?.sendApp(participant.id, type, payload);
  }

  #showOwnScreen(stream: MediaStream): void {
    const element = showStream(stream);
    element.id = 'localScreen';
    element.muted = true;
    this.getRemoteVideoContainer()?.append(element);
    this.emit('localScreenAdded', element);
  }

  #hideOwnScreen(): void {
    const element = document.getElementById('localScreen');
    if (element === null) return;
    if (this.config.autoRemoveVideos) element.remove();
    this.emit('videoRemoved', element);
  }

  #watchSpeech(): void {
    const watch = tellSpeech(this, () => this.#media.level());
    this.on('localStreamStopped', () => watch.stop());
  }

  /** To the console in any case: whoever builds the page looks there first. */
  #warn(sentence: string): void {
    // oxlint-disable-next-line no-console
    console.warn(`SimpleWebRTC: ${sentence}`);
  }
}

function isShowing({ media, tracks }: RemoteParticipantSnapshot): boolean {
  return media.screen && tracks.screen !== null;
}
