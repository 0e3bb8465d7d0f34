import type {
  CallboxClient,
  JoinOptions,
  LocalMedia,
  LocalMediaSnapshot,
  MediaState,
  ParticipantId,
  RemoteParticipantSnapshot,
  Room,
  RoomEvents,
  RoomName,
  RoomSnapshot,
  RoomState,
} from '@callbox/client';
import type { Foundation } from '../simple-webrtc.ts';

export const track = (id: string): MediaStreamTrack => ({ id }) as MediaStreamTrack;
const off: LocalMediaSnapshot = {
  microphone: { kind: 'off' },
  camera: { kind: 'off' },
  microphoneTrack: null,
  cameraTrack: null,
  screen: { kind: 'off' },
  screenTrack: null,
  screenAudioTrack: null,
  originalSound: false,
};

/** Devices that the test plays. */
export class FakeMedia {
  snapshot = off;
  readonly acquired: unknown[] = [];
  level = 0;
  /** What asking for devices finds. */
  found: Partial<LocalMediaSnapshot> = {
    microphone: { kind: 'on', label: 'microphone' },
    microphoneTrack: track('microphone'),
    camera: { kind: 'on', label: 'camera' },
    cameraTrack: track('camera'),
  };
  foundScreen: Partial<LocalMediaSnapshot> = {
    screen: { kind: 'on', label: 'screen', sound: false },
    screenTrack: track('screen'),
  };
  #listeners: ((snapshot: LocalMediaSnapshot) => void)[] = [];

  change(change: Partial<LocalMediaSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.#listeners) listener(this.snapshot);
  }

  asMedia(): LocalMedia {
    const read = () => this.snapshot;
    return {
      get snapshot() {
        return read();
      },
      canShareScreen: true,
      subscribe: (listener: (snapshot: LocalMediaSnapshot) => void) => {
        this.#listeners.push(listener);
        return () => {};
      },
      acquire: async (wanted: unknown) => {
        this.acquired.push(wanted);
        this.change(this.found);
      },
      shareScreen: async () => this.change(this.foundScreen),
      stopScreen: () => this.change({ screen: { kind: 'off' }, screenTrack: null, screenAudioTrack: null }),
      turnOn: async (kind: 'microphone' | 'camera') =>
        this.change(
          kind === 'microphone'
            ? { microphone: { kind: 'on', label: '' } }
            : { camera: { kind: 'on', label: '' }, cameraTrack: track('camera again') },
        ),
      turnOff: (kind: 'microphone' | 'camera') =>
        this.change(
          kind === 'microphone'
            ? { microphone: { kind: 'muted', label: '' } }
            : { camera: { kind: 'off' }, cameraTrack: null },
        ),
      level: () => this.level,
    } as unknown as LocalMedia;
  }
}

/** A room that the test plays. */
export class FakeRoom {
  readonly options: JoinOptions;
  snapshot: RoomSnapshot;
  readonly chat: string[] = [];
  readonly sent: { readonly to: string; readonly type: string; readonly payload: unknown }[] = [];
  readonly channels: { readonly id: string; readonly label: string }[] = [];
  left = false;
  readonly #listeners = new Map<string, ((event: never) => void)[]>();
  #subscribers: ((snapshot: RoomSnapshot) => void)[] = [];

  constructor(options: JoinOptions) {
    this.options = options;
    this.snapshot = {
      state: { kind: 'joining' },
      room: null,
      self: {
        id: null,
        displayName: options.displayName,
        media: { audio: false, video: false, screen: false },
        joinedAtMs: null,
        formerIds: [],
      },
      participants: [],
      chat: [],
      unsentChat: [],
      maxParticipants: null,
      uplink: 'good',
    };
  }

  set(change: Partial<RoomSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const subscriber of this.#subscribers) subscriber(this.snapshot);
  }

  setState(state: RoomState): void {
    this.set({ state });
    this.tell('state-changed', state);
  }

  admit(participants: readonly RemoteParticipantSnapshot[] = []): void {
    this.set({
      room: this.options.room as RoomName,
      self: { ...this.snapshot.self, id: 'me' as ParticipantId },
      participants,
    });
    this.setState({ kind: 'joined' });
  }

  tell<TName extends keyof RoomEvents>(name: TName, event: RoomEvents[TName]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event as never);
  }

  asRoom(): Room {
    const read = () => this.snapshot;
    return {
      get snapshot() {
        return read();
      },
      subscribe: (subscriber: (snapshot: RoomSnapshot) => void) => {
        this.#subscribers.push(subscriber);
        return () => {};
      },
      on: (name: string, listener: (event: never) => void) => {
        this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
        return () => {};
      },
      sendChat: async (text: string) => {
        this.chat.push(text);
        return null;
      },
      sendApp: async (to: string, type: string, payload: unknown) => {
        this.sent.push({ to, type, payload });
        return null;
      },
      openChannel: (id: ParticipantId, label: string, init: RTCDataChannelInit = {}) => {
        this.channels.push({ id, label });
        const channel = Object.assign(new EventTarget(), {
          label,
          protocol: '',
          readyState: 'connecting',
          ...init,
        });
        this.tell('channel-opened', { id, channel: channel as unknown as RTCDataChannel });
        return channel as unknown as RTCDataChannel;
      },
      setDisplayName: async () => null,
      leave: () => (this.left = true),
    } as unknown as Room;
  }
}

/** What the class stands on, played by the test. */
export class FakeFoundation implements Foundation {
  readonly media = new FakeMedia();
  readonly rooms: FakeRoom[] = [];
  readonly urls: string[] = [];
  /** Who is in the rooms that are peeked into. */
  present: readonly string[] = [];
  /** While it is not, the second look and those after it wait for `appear`. */
  reachable = true;
  appear = (): void => {};
  closed = false;

  readonly createMedia = (): LocalMedia => this.media.asMedia();

  readonly createClient = ({ signalingUrl }: { readonly signalingUrl: string }): CallboxClient => {
    this.urls.push(signalingUrl);
    let tries = 0;
    return {
      connect: async () => {
        if (this.reachable) return null;
        if (tries > 0) await new Promise<void>((resolve) => (this.appear = resolve));
        tries += 1;
        return this.reachable ? null : { code: 'internal', message: 'the server cannot be reached' };
      },
      peekRoom: async (room) => ({
        ok: true,
        peek: { room: room as RoomName, displayNames: this.present, maxParticipants: 8 },
      }),
      joinRoom: (options) => {
        const room = new FakeRoom(options);
        this.rooms.push(room);
        return room.asRoom();
      },
      close: () => void (this.closed = true),
    };
  };

  get room(): FakeRoom {
    const last = this.rooms.at(-1);
    if (last === undefined) throw new Error('no room was entered');
    return last;
  }
}

const everything: MediaState = { audio: true, video: true, screen: false };

/** Somebody in the room whose tracks have come. */
export function createOther(
  id: string,
  change: Partial<RemoteParticipantSnapshot> = {},
): RemoteParticipantSnapshot {
  return {
    id: id as ParticipantId,
    displayName: `Name of ${id}`,
    media: everything,
    joinedAtMs: 5,
    link: { kind: 'connected', path: null },
    tracks: { audio: track(`${id} audio`), camera: track(`${id} camera`), screen: null, screenAudio: null },
    quality: null,
    ...change,
  };
}
