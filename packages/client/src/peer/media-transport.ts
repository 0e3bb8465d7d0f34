import type { IceServer, ParticipantId, PeerMessage } from '@callbox/contract';
import type { LinkState, RemoteTracks } from '../room-types.ts';

/** What this browser has to send. */
export interface OwnTracks {
  readonly audio: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  readonly screenAudio: MediaStreamTrack | null;
}

/** What a transport needs of the room that it serves. */
export interface TransportHost {
  /** Tells another participant something, by way of the server. */
  send(to: ParticipantId, message: PeerMessage): void;
  /** Whether anybody can be told anything now. */
  canSend(): boolean;
  onLink(id: ParticipantId, link: LinkState): void;
  onRemoteTracks(id: ParticipantId, tracks: RemoteTracks): void;
}

/**
 * How media gets from this participant to the others and back. The room says who is there and what there is to send; it
 * does not know by how many connections that happens.
 */
export interface MediaTransport {
  /** @param polite whether this side yields when offers cross; the impolite side makes the first one. */
  addParticipant(id: ParticipantId, polite: boolean): void;
  removeParticipant(id: ParticipantId): void;
  handleMessage(from: ParticipantId, message: PeerMessage): void;
  sendTracks(tracks: OwnTracks): void;
  /** New credentials, for what is opened from now on. */
  setIceServers(iceServers: readonly IceServer[]): void;
  /** How loud a participant is now, 0 to 1. */
  level(id: ParticipantId): number;
  close(): void;
}
