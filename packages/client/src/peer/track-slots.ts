import { parseWith, trackMidsSchema, type TrackMids } from '@callbox/contract';
import { orderCameraCodecs, orderScreenCodecs } from '../logic/codec-order.ts';
import type { RemoteTracks } from '../room-types.ts';

/**
 * Which media sections a connection has: between two of ours all four. Towards a participant of the plain dialect one
 * connection has those of the persons, and another those of one screen.
 */
export type SectionLayout = 'all' | 'person' | 'screen';

/** The media sections of a connection, each with its fixed job; null is one that the connection does not have. */
export interface TrackSlots {
  readonly audio: RTCRtpTransceiver | null;
  readonly camera: RTCRtpTransceiver | null;
  readonly screen: RTCRtpTransceiver | null;
  readonly screenAudio: RTCRtpTransceiver | null;
}

/**
 * What names this browser's tracks to the others. Microphone and camera share a stream, and so do the screen and its
 * sound: receivers keep in step what is in one stream.
 */
export interface OwnStreams {
  readonly person: MediaStream;
  readonly screen: MediaStream;
}

const noSlots: TrackSlots = { audio: null, camera: null, screen: null, screenAudio: null };

/**
 * Opens the sections, both ways unless told otherwise, from the start. Turning a camera or a share on and off is then
 * `replaceTrack` alone and never a negotiation. A section without a track sends nothing, so the idle ones cost some lines
 * of SDP. For the side that makes the first offer.
 */
export function openTrackSlots(
  connection: RTCPeerConnection,
  streams: OwnStreams,
  layout: SectionLayout = 'all',
  direction: RTCRtpTransceiverDirection = 'sendrecv',
): TrackSlots {
  const open = (kind: 'audio' | 'video', stream: MediaStream) =>
    connection.addTransceiver(kind, { direction, streams: [stream] });
  const openPerson = () => ({ audio: open('audio', streams.person), camera: open('video', streams.person) });
  const openScreen = () => ({
    screen: open('video', streams.screen),
    screenAudio: open('audio', streams.screen),
  });
  const slots: TrackSlots = {
    ...noSlots,
    ...(layout !== 'screen' && openPerson()),
    ...(layout !== 'person' && openScreen()),
  };
  preferCodecs(slots);
  return slots;
}

/**
 * Takes over the sections of an offer that has just been applied: by their names, and those of a plain participant, who
 * names none, by their kind. To be called before it is answered: transceivers opened here beside those of the offer would
 * never be matched with them (RFC 8829 §5.10), and every section doubled.
 *
 * @returns null when the offer does not hold the sections that it names.
 */
export function adoptTrackSlots(
  connection: RTCPeerConnection,
  mids: TrackMids | undefined,
  streams: OwnStreams,
  layout: SectionLayout = 'all',
): TrackSlots | null {
  const adopt = (transceiver: RTCRtpTransceiver | undefined, stream: MediaStream) => {
    if (transceiver === undefined) return null;
    transceiver.direction = 'sendrecv';
    transceiver.sender.setStreams(stream);
    return transceiver;
  };
  if (layout !== 'all') {
    const sound = adopt(findByKind(connection, 'audio'), streams[layout]);
    const picture = adopt(findByKind(connection, 'video'), streams[layout]);
    if (sound === null && picture === null) return null;
    return layout === 'person'
      ? { ...noSlots, audio: sound, camera: picture }
      : { ...noSlots, screen: picture, screenAudio: sound };
  }
  if (mids === undefined) return null;
  const byMid = new Map(connection.getTransceivers().map((transceiver) => [transceiver.mid, transceiver]));
  const take = (mid: string, kind: 'audio' | 'video', stream: MediaStream): RTCRtpTransceiver | null => {
    const transceiver = byMid.get(mid);
    if (transceiver?.receiver.track.kind !== kind) return null;
    byMid.delete(mid);
    return adopt(transceiver, stream);
  };
  const audio = take(mids.audio, 'audio', streams.person);
  const camera = take(mids.camera, 'video', streams.person);
  const screen = take(mids.screen, 'video', streams.screen);
  const screenAudio = take(mids.screenAudio, 'audio', streams.screen);
  if (audio === null || camera === null || screen === null || screenAudio === null) return null;
  return { audio, camera, screen, screenAudio };
}

/** Where each section stands in the description, to be sent along with it; null before there is one, or not all four. */
export function readMids({ audio, camera, screen, screenAudio }: TrackSlots): TrackMids | null {
  const mids = { audio: audio?.mid, camera: camera?.mid, screen: screen?.mid, screenAudio: screenAudio?.mid };
  const parsed = parseWith(trackMidsSchema, mids);
  return parsed.ok ? parsed.value : null;
}

/** The same of an offer that is not in force yet: sections stand in the order in which `openTrackSlots` opened them. */
export function readOfferedMids(sdp: string): TrackMids | null {
  const [audio, camera, screen, screenAudio] = [...sdp.matchAll(/^a=mid:(.*)$/gmu)].map(([, mid]) =>
    mid?.trim(),
  );
  const parsed = parseWith(trackMidsSchema, { audio, camera, screen, screenAudio });
  return parsed.ok ? parsed.value : null;
}

/** The other side's tracks, of the sections that it agreed to send in. */
export function readRemoteTracks(slots: TrackSlots): RemoteTracks {
  const trackOf = (slot: RTCRtpTransceiver | null) =>
    slot?.currentDirection === 'sendrecv' || slot?.currentDirection === 'recvonly'
      ? slot.receiver.track
      : null;
  return {
    audio: trackOf(slots.audio),
    camera: trackOf(slots.camera),
    screen: trackOf(slots.screen),
    screenAudio: trackOf(slots.screenAudio),
  };
}

function findByKind(connection: RTCPeerConnection, kind: 'audio' | 'video'): RTCRtpTransceiver | undefined {
  return connection.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
}

/**
 * For the side that offers only: an answer follows the order of the offer. Besides, a Firefox that has set preferences for
 * an answer spoils its next offer: it numbers the codecs anew and keeps the feedback lines of the old numbers, which
 * Chromium refuses as a whole (seen in 153: "Failed to parse codecs correctly").
 */
function preferCodecs({ camera, screen }: TrackSlots): void {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  if (codecs.length === 0) return;
  camera?.setCodecPreferences(orderCameraCodecs(codecs));
  screen?.setCodecPreferences(orderScreenCodecs(codecs));
}
