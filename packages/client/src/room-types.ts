import type { ChatMessage, MediaState, ParticipantId, Refusal, RoomName } from '@callbox/contract';
import type { LocalMedia } from './local-media-types.ts';
import type { ClientLog } from './log.ts';
import type { Wanted } from './logic/sending-plan.ts';
import type {
  DataUsed,
  LinkQuality,
  LinkStatistics,
  StatisticsPace,
  UplinkState,
} from './statistics-types.ts';

/** How media reaches one participant. */
export type MediaPath = {
  readonly relayed: boolean;
  /** What this browser uses towards its relay, or towards the other side when direct. */
  readonly protocol: 'udp' | 'tcp' | 'tls';
};

/** The connection to one participant. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly path: MediaPath | null }
  | { readonly kind: 'reconnecting' }
  | { readonly kind: 'failed' };

/** A participant's tracks, as far as they have arrived; the same objects for as long as the connection lives. */
export interface RemoteTracks {
  readonly audio: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  readonly screenAudio: MediaStreamTrack | null;
}

/** One of the others, as far as this page knows: what they say of themselves, and how the connection to them stands. */
export interface RemoteParticipantSnapshot {
  readonly id: ParticipantId;
  readonly displayName: string;
  readonly media: MediaState;
  readonly joinedAtMs: number;
  readonly link: LinkState;
  /**
   * The server has not heard of this participant for some seconds: there is no chat to them now, and they may be gone for
   * good. Media flows for as long as `link` says so.
   */
  readonly away?: boolean;
  /**
   * `plain`: an older page, by another protocol. It has a picture, sound, a screen and chat like all others, but hears nothing of what
   * was said before it came, sends one size of picture to everybody, and after a restart of the server comes back as somebody new.
   */
  readonly dialect?: 'plain';
  readonly tracks: RemoteTracks;
  /** Null until the connection has been looked at. */
  readonly quality: LinkQuality | null;
}

/** Why a stay is over: `left` by `Room.leave` or for another room, `closed` with the client. */
export type LeaveReason = 'left' | 'closed';

/** Where a stay stands with its room. */
export type RoomState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'joined' }
  /**
   * The connection to the server is lost; calls go on, and the client is coming back by itself. What is said meanwhile waits,
   * and is told once it is back.
   */
  | { readonly kind: 'reconnecting' }
  /** Never came in, or could not come back. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'left'; readonly reason: LeaveReason };

/** A line of this person's chat that the room does not have yet. */
export interface UnsentChatMessage {
  /** As `ChatMessage.sequence` of what becomes of it. */
  readonly sequence: number;
  readonly text: string;
  /** When `sendChat` was called, by this device's clock, in milliseconds since 1970. */
  readonly writtenAtMs: number;
}

/** All of a stay that can be shown. It never changes: each change makes a new one, in which parts that stayed are the same objects. */
export interface RoomSnapshot {
  readonly state: RoomState;
  readonly room: RoomName | null;
  readonly self: {
    readonly id: ParticipantId | null;
    readonly displayName: string;
    readonly media: MediaState;
    /** When this person came in, by the server's clock; null before that. */
    readonly joinedAtMs: number | null;
    /** The ids of this person's earlier stays in this room, as far as they are known: lines of chat by them are theirs. */
    readonly formerIds: readonly ParticipantId[];
  };
  /** The others, in the order in which they came. */
  readonly participants: readonly RemoteParticipantSnapshot[];
  readonly chat: readonly ChatMessage[];
  /**
   * What this person has said with `sendChat` and the room has not confirmed, in that order: for a moment, or for as long as the
   * server is away. It leaves this list in the same change in which it is in `chat`, or when it is refused.
   */
  readonly unsentChat: readonly UnsentChatMessage[];
  readonly maxParticipants: number | null;
  /** How this person's way up to the others copes. */
  readonly uplink: UplinkState;
}

/** What one page tells another by way of the server; the call itself knows nothing of it. */
export interface AppMessage {
  readonly from: ParticipantId;
  readonly type: string;
  /** Anything that JSON can say, as another page said it: not to be trusted. */
  readonly payload: unknown;
}

/** Events of a room: facts, told after the snapshot holds them. */
export interface RoomEvents {
  'state-changed': RoomState;
  'participant-joined': RemoteParticipantSnapshot;
  /** `mayReturn`: their page went away. In a reload, `participant-joined` follows within some seconds, with the same id. */
  'participant-left': {
    readonly id: ParticipantId;
    readonly displayName: string;
    readonly mayReturn: boolean;
  };
  'participant-updated': RemoteParticipantSnapshot;
  /** Back in the room, but in a new one of that name: the server has forgotten the one before. What this page has heard stays. */
  'started-afresh': null;
  /** A message of somebody else. */
  'chat-received': ChatMessage;
  /** What another page told this one, with `sendApp`. */
  'app-message': AppMessage;
  /** There is a data channel to a participant, whichever side opened it; told before anything has come over it. */
  'channel-opened': { readonly id: ParticipantId; readonly channel: RTCDataChannel };
  /** All connections have been looked at: `statistics` and `dataUsed` say what was seen. */
  'statistics-taken': null;
}

/** One stay in one room. */
export interface Room {
  readonly snapshot: RoomSnapshot;
  /** Calls `listener` after each change, with the new snapshot. Parts that did not change keep their identity. */
  subscribe(listener: (snapshot: RoomSnapshot) => void): () => void;
  on<TName extends keyof RoomEvents>(name: TName, listener: (event: RoomEvents[TName]) => void): () => void;
  /**
   * Sends a line of chat, once, also if the server is away for a while; until the room has it, `snapshot.unsentChat` shows it.
   * Resolves with the refusal, or null when the room has it.
   */
  sendChat(text: string): Promise<Refusal | null>;
  /**
   * Tells another participant's page something that the call knows nothing of. Resolves with the refusal, or null when it is on its
   * way. `payload` is anything that JSON can say; the server's limits on the size and number of messages hold.
   */
  sendApp(to: ParticipantId, type: string, payload?: unknown): Promise<Refusal | null>;
  /**
   * Opens a data channel to a participant. It ends with the connection: where that had to be built anew, open it again.
   *
   * @returns null while there is no connection to the participant.
   */
  openChannel(to: ParticipantId, label: string, init?: RTCDataChannelInit): RTCDataChannel | null;
  /** While out of the room, takes effect on the way in. */
  setDisplayName(displayName: string): Promise<Refusal | null>;
  /** How loud a participant is now, 0 to 1, as their microphone arrives here. Cheap: call it several times a second. */
  level(id: ParticipantId): number;
  /**
   * Says how large a participant's pictures are shown here, so that no more is sent: the shorter sides in pixels of the screen, 0 for
   * a picture that is not seen. Say it again when tiles change, and for who comes back. Who says nothing is sent everything.
   */
  want(id: ParticipantId, wanted: Wanted): void;
  /** What the connection to a participant did between the last two looks; null while there is nothing to look at. */
  statistics(id: ParticipantId): LinkStatistics | null;
  /** By all connections of this stay, those to participants who have left included. */
  dataUsed(): DataUsed;
  /** Looks at the connections more often or more seldom. Default `normal`. */
  setStatisticsPace(pace: StatisticsPace): void;
  /** For two minutes, sends pictures whatever is lost: undoes `voice-only` of `snapshot.uplink`. */
  keepPictures(): void;
  /** Leaves at once, also from a page that is going away. Safe to call twice. Does not stop the local media. */
  leave(): void;
  /**
   * Leaves as `leave` does, from a page that is going away and may be followed by another, as in a reload: to be called in
   * `pagehide`. The others see this person go at once. For ten seconds the server keeps their place, their lines of chat and,
   * where nobody else is in it, the room.
   *
   * @returns the ticket for the next page's `JoinOptions.ticket`, to be kept where that page alone finds it, such as
   * `sessionStorage`; null where there is nothing to come back to.
   */
  part(): string | null;
}

/** What a room tells who stands outside. */
export interface RoomPeek {
  readonly room: RoomName;
  /** Names of those inside; an empty one is a guest who gave none. */
  readonly displayNames: readonly string[];
  readonly maxParticipants: number;
}

/** Which room to go into, as whom, and with what. */
export interface JoinOptions {
  /** The name as typed or linked; made canonical by the server. */
  readonly room: string;
  readonly displayName: string;
  readonly media: LocalMedia;
  /** `relay` sends media through the TURN server only (W3C WebRTC, RTCIceTransportPolicy). Default `all`. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /** What `Room.part` returned in the page before this one: comes in as the same participant, if that is still possible. */
  readonly ticket?: string;
  /**
   * Who this person was in this room before, such as the `formerIds` and the `id` that `snapshot.self` had when the last stay in
   * it ended: lines of chat by them are theirs. Default: what the ticket says.
   */
  readonly formerIds?: readonly ParticipantId[];
  /** Labels of data channels that each connection has from its start, opened by the side that offers. Default: none. */
  readonly channels?: readonly string[];
}

/** What became of a look at a room: the look, or why there was none. */
export type PeekResult =
  { readonly ok: true; readonly peek: RoomPeek } | { readonly ok: false; readonly refusal: Refusal };

/** The way to one server: one socket, shared by the look at a room before it is entered and the stay in it. */
export interface CallboxClient {
  /** Opens the way to the server now instead of at the first use. Null once it is open, or the reason why it is not after 10 s. */
  connect(): Promise<Refusal | null>;
  /** Who is inside, without going in. Waits for the connection; a refusal of code `internal` if none comes in 10 s. */
  peekRoom(room: string): Promise<PeekResult>;
  /** Goes in. Returns at once with state `joining`. One room at a time per client: the one before is left. */
  joinRoom(options: JoinOptions): Room;
  close(): void;
}

/** Which server a client talks to, and to whom it reports. */
export interface ClientOptions {
  /**
   * Where the signaling server is, such as `https://calls.example` or, under a path, `https://host.example/calls/`. Default:
   * the page's own origin.
   */
  readonly signalingUrl?: string;
  /** Where the engine says what it does. Default: nowhere. */
  readonly log?: ClientLog;
}
