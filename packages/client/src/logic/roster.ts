import type { MediaState, Participant, ParticipantId, RemoteParticipant } from '@callbox/contract';
import type { LinkState, RemoteParticipantSnapshot, RemoteTracks } from '../room-types.ts';
import type { LinkQuality } from '../statistics-types.ts';
import { isSamePath } from './media-path.ts';

type Roster = readonly RemoteParticipantSnapshot[];

const noTracks: RemoteTracks = { audio: null, camera: null, screen: null, screenAudio: null };

export function describeParticipant(participant: RemoteParticipant): RemoteParticipantSnapshot {
  const { id, displayName, media, joinedAtMs, dialect } = participant;
  return {
    id,
    displayName,
    media,
    joinedAtMs,
    link: { kind: 'connecting' },
    ...(dialect !== undefined && { dialect }),
    tracks: noTracks,
    quality: null,
  };
}

/** Puts a participant in by the time of coming: last, but for one who comes again by another page. */
export function addToRoster(roster: Roster, added: RemoteParticipantSnapshot): Roster {
  if (roster.some(({ id }) => id === added.id)) return roster;
  const place = roster.findIndex(({ joinedAtMs }) => joinedAtMs > added.joinedAtMs);
  return place < 0 ? [...roster, added] : roster.toSpliced(place, 0, added);
}

export function removeFromRoster(roster: Roster, id: ParticipantId): Roster {
  const rest = roster.filter((entry) => entry.id !== id);
  return rest.length === roster.length ? roster : rest;
}

/** Takes over what the participant says of itself. */
export function updateInRoster(roster: Roster, { id, displayName, media }: Participant): Roster {
  return changeEntry(roster, id, (entry) =>
    entry.displayName === displayName && isSameMedia(entry.media, media)
      ? entry
      : { ...entry, displayName, media: isSameMedia(entry.media, media) ? entry.media : media },
  );
}

export function setLink(roster: Roster, id: ParticipantId, link: LinkState): Roster {
  return changeEntry(roster, id, (entry) => (isSameLink(entry.link, link) ? entry : { ...entry, link }));
}

/** Notes whether the server has lost sight of a participant. */
export function setAway(roster: Roster, id: ParticipantId, away: boolean): Roster {
  return changeEntry(roster, id, (entry) => ((entry.away ?? false) === away ? entry : { ...entry, away }));
}

export function setTracks(roster: Roster, id: ParticipantId, tracks: RemoteTracks): Roster {
  return changeEntry(roster, id, (entry) =>
    isSameTracks(entry.tracks, tracks) ? entry : { ...entry, tracks },
  );
}

export function setQuality(roster: Roster, id: ParticipantId, quality: LinkQuality): Roster {
  return changeEntry(roster, id, (entry) =>
    entry.quality?.bars === quality.bars && entry.quality.blame === quality.blame
      ? entry
      : { ...entry, quality },
  );
}

export function isSameMedia(left: MediaState, right: MediaState): boolean {
  return left.audio === right.audio && left.video === right.video && left.screen === right.screen;
}

function isSameLink(left: LinkState, right: LinkState): boolean {
  if (left.kind !== 'connected' || right.kind !== 'connected') return left.kind === right.kind;
  return isSamePath(left.path, right.path);
}

function isSameTracks(left: RemoteTracks, right: RemoteTracks): boolean {
  return (
    left.audio === right.audio &&
    left.camera === right.camera &&
    left.screen === right.screen &&
    left.screenAudio === right.screenAudio
  );
}

function changeEntry(
  roster: Roster,
  id: ParticipantId,
  change: (entry: RemoteParticipantSnapshot) => RemoteParticipantSnapshot,
): Roster {
  const index = roster.findIndex((entry) => entry.id === id);
  const entry = roster[index];
  if (entry === undefined) return roster;
  const changed = change(entry);
  return changed === entry ? roster : roster.with(index, changed);
}
