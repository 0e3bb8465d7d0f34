import type {
  LinkQuality,
  LinkState,
  LocalMediaSnapshot,
  RemoteParticipantSnapshot,
  RoomSnapshot,
} from '@callbox/client';

/** One person as a tile shows them. */
export interface Person {
  readonly id: string;
  readonly isSelf: boolean;
  /** Empty for a guest who gave no name. */
  readonly displayName: string;
  readonly audio: boolean;
  readonly video: boolean;
  /** Whether this person shows a screen that has arrived here; never oneself. */
  readonly screen: boolean;
  /** How well the connection works; null for oneself, and before it is known. */
  readonly quality: LinkQuality | null;
  /** Null for oneself. */
  readonly link: LinkState | null;
  /** The server has lost sight of them for the moment. */
  readonly away: boolean;
  /** They are on an older page, which cannot do all that this one can. */
  readonly plain: boolean;
}

const fromRemote = (participant: RemoteParticipantSnapshot): Person => ({
  id: participant.id,
  isSelf: false,
  displayName: participant.displayName,
  audio: participant.media.audio,
  video: participant.media.video && participant.tracks.camera !== null,
  screen: participant.media.screen && participant.tracks.screen !== null,
  quality: participant.quality,
  link: participant.link,
  away: participant.away ?? false,
  plain: participant.dialect === 'plain',
});

/** Everybody in the room, this person first, the others in the order in which they came. */
export function listPeople(room: RoomSnapshot, media: LocalMediaSnapshot): readonly Person[] {
  const self: Person = {
    id: room.self.id ?? 'self',
    isSelf: true,
    displayName: room.self.displayName,
    audio: media.microphone.kind === 'on',
    video: media.camera.kind === 'on' && media.cameraTrack !== null,
    screen: false,
    quality: null,
    link: null,
    away: false,
    plain: false,
  };
  return [self, ...room.participants.map(fromRemote)];
}

/** How many of the connections go which way. */
export interface LinkCounts {
  readonly direct: number;
  readonly relayed: number;
  /** Not there yet, or lost for the moment. */
  readonly pending: number;
}

export function countLinks(participants: readonly RemoteParticipantSnapshot[]): LinkCounts {
  const counts = { direct: 0, relayed: 0, pending: 0 };
  for (const { link } of participants) {
    if (link.kind !== 'connected') counts.pending += 1;
    else if (link.path !== null) counts[link.path.relayed ? 'relayed' : 'direct'] += 1;
  }
  return counts;
}

/** The first character of a name as people see characters, or null when there is none. */
export function initialOf(displayName: string): string | null {
  const [first] = new Intl.Segmenter().segment(displayName.trim());
  return first === undefined ? null : first.segment.toUpperCase();
}

/** A hue in degrees that stays with a name: the same person looks the same to everybody, every day. */
export function hueOf(text: string): number {
  let hash = 2_166_136_261; // FNV-1a, 32 bits
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  }
  // Twelve hues thirty degrees apart: neighbours in a grid differ, or are the same on purpose.
  return ((hash >>> 0) % 12) * 30;
}
