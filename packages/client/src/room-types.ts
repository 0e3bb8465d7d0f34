import type { ChatMessage, MediaState, ParticipantId, Refusal, RoomName } from '@callbox/contract';
import type { LocalMedia } from './local-media-types.ts';
import type { ClientLog } from './log.ts';

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

export interface RemoteParticipantSnapshot {
  readonly id: ParticipantId;
  readonly displayName: string;
  readonly media: MediaState;
  readonly joinedAtMs: number;
  readonly link: LinkState;
  readonly tracks: RemoteTracks;
}

export type LeaveReason = 'left' | 'closed';

export type RoomState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'joined' }
  /** The connection to the server is lost; calls go on, the client is coming back by itself. */
  | { readonly kind: 'reconnecting' }
  /** Never came in, or could not come back. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'left'; readonly reason: LeaveReason };

export interface RoomSnapshot {
  readonly state: RoomState;
  readonly room: RoomName | null;
  readonly self: {
    readonly id: ParticipantId | null;
    readonly displayName: string;
    readonly media: MediaState;
    /** When this person came in, by the server's clock; null before that. */
    readonly joinedAtMs: number | null;
  };
  /** The others, in the order in which they came. */
  readonly participants: readonly RemoteParticipantSnapshot[];
  readonly chat: readonly ChatMessage[];
  readonly maxParticipants: number | null;
}

/** Events of a room: facts, told after the snapshot holds them. */
export interface RoomEvents {
  'state-changed': RoomState;
  'participant-joined': RemoteParticipantSnapshot;
  'participant-left': { readonly id: ParticipantId; readonly displayName: string };
  'participant-updated': RemoteParticipantSnapshot;
  /** A message of somebody else. */
  'chat-received': ChatMessage;
}

/** One stay in one room. */
export interface Room {
  readonly snapshot: RoomSnapshot;
  /** Calls `listener` after each change, with the new snapshot. Parts that did not change keep their identity. */
  subscribe(listener: (snapshot: RoomSnapshot) => void): () => void;
  on<TName extends keyof RoomEvents>(name: TName, listener: (event: RoomEvents[TName]) => void): () => void;
  /** Sends a line of chat. Resolves with the refusal, or null when the room has it. */
  sendChat(text: string): Promise<Refusal | null>;
  /** While out of the room, takes effect at the next entry. */
  setDisplayName(displayName: string): Promise<Refusal | null>;
  /** How loud a participant is now, 0 to 1, as their microphone arrives here. Cheap: call it several times a second. */
  level(id: ParticipantId): number;
  /** Leaves at once. Safe to call twice. Does not stop the local media. */
  leave(): void;
}

export interface RoomPeek {
  readonly room: RoomName;
  /** Names of those inside; an empty one is a guest who gave none. */
  readonly displayNames: readonly string[];
  readonly maxParticipants: number;
}

export interface JoinOptions {
  /** The name as typed or linked; made canonical by the server. */
  readonly room: string;
  readonly displayName: string;
  readonly media: LocalMedia;
  /** `relay` sends media through the TURN server only (W3C WebRTC, RTCIceTransportPolicy). Default `all`. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
}

export type PeekResult =
  { readonly ok: true; readonly peek: RoomPeek } | { readonly ok: false; readonly refusal: Refusal };

/** The way to one server: one socket, shared by the look at a room before it is entered and the stay in it. */
export interface CallboxClient {
  /** Who is inside, without going in. Waits for the connection; a refusal of code `internal` if none comes in 10 s. */
  peekRoom(room: string): Promise<PeekResult>;
  /** Goes in. Returns at once with state `joining`. One room at a time per client: the one before is left. */
  joinRoom(options: JoinOptions): Room;
  close(): void;
}

export interface ClientOptions {
  /**
   * Where the signaling server is, such as `https://calls.example` or, under a path, `https://host.example/calls/`. Default:
   * the page's own origin.
   */
  readonly signalingUrl?: string;
  /** Where the engine says what it does. Default: nowhere. */
  readonly log?: ClientLog;
}
