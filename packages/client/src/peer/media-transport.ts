import type {
  IceServer,
  Participant,
  ParticipantId,
  PeerMessage,
  RemoteParticipant,
} from '@callbox/contract';
import type { LinkMessage } from '../logic/generation.ts';
import type { Wanted } from '../logic/sending-plan.ts';
import type { LinkState, RemoteTracks } from '../room-types.ts';
import type {
  DataUsed,
  LinkQuality,
  LinkStatistics,
  StatisticsPace,
  UplinkState,
} from '../statistics-types.ts';

/** What a transport is told by another participant's. */
export type TransportMessage = LinkMessage | Extract<PeerMessage, { readonly kind: 'want' }>;

/** What this browser has to send. */
export interface OwnTracks {
  readonly audio: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  readonly screenAudio: MediaStreamTrack | null;
  /** Whether the microphone is to be heard as it is: see `LocalMedia`. */
  readonly originalSound: boolean;
}

/** What a transport needs of the room that it serves. */
export interface TransportHost {
  /** Who this participant is in the room. */
  selfId(): ParticipantId | null;
  /** Tells another participant something, by way of the server. */
  send(to: ParticipantId, message: PeerMessage): void;
  /** Whether anybody can be told anything now; of one participant, whether they would hear it now. */
  canSend(to?: ParticipantId): boolean;
  onLink(id: ParticipantId, link: LinkState): void;
  onRemoteTracks(id: ParticipantId, tracks: RemoteTracks): void;
  /** There is a data channel, whichever side opened it. */
  onChannel(id: ParticipantId, channel: RTCDataChannel): void;
  onQuality(id: ParticipantId, quality: LinkQuality): void;
  onUplink(state: UplinkState): void;
  /** All connections have been looked at: there are new statistics. */
  onLooked(): void;
}

/**
 * How media gets from this participant to the others and back. The room says who is there and what there is to send; it
 * does not know by how many connections that happens.
 */
export interface MediaTransport {
  /**
   * `polite` says whether this side yields when offers cross; the impolite side makes the first one.
   *
   * @param isOffered the participant has the offer already that was prepared, from the server.
   */
  addParticipant(participant: RemoteParticipant, isOffered?: boolean): void;
  /** What a participant says of itself has changed. */
  updateParticipant(participant: Participant): void;
  removeParticipant(id: ParticipantId): void;
  handleMessage(from: ParticipantId, message: TransportMessage): void;
  sendTracks(tracks: OwnTracks): void;
  /** Null while there is no connection to the participant. */
  openChannel(id: ParticipantId, label: string, init?: RTCDataChannelInit): RTCDataChannel | null;
  /** New credentials, for what is opened from now on. */
  setIceServers(iceServers: readonly IceServer[]): void;
  /** The way to the server broke, or something else hints that paths may be dead: those that are get mended. */
  suspect(): void;
  /** Others can be told things again; with an id, this one, who was away. */
  resume(returned?: ParticipantId): void;
  /** The relay was replaced: what went through the one before is gone. */
  replaceRelay(): void;
  /** How loud a participant is now, 0 to 1. */
  level(id: ParticipantId): number;
  /** Tells a participant how large their pictures are shown here. */
  want(id: ParticipantId, wanted: Wanted): void;
  /** What the last look at the connection to a participant showed. */
  statistics(id: ParticipantId): LinkStatistics | null;
  /** By all connections that there have been, since the transport was made. */
  dataUsed(): DataUsed;
  setStatisticsPace(pace: StatisticsPace): void;
  /** Sends pictures again that were stopped for the sake of the voice. */
  keepPictures(): void;
  close(): void;
}
