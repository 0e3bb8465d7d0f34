import type { TrackMids } from '@callbox/contract';
import { orderCameraCodecs, orderScreenCodecs } from '../logic/codec-order.ts';
import type { RemoteTracks } from '../room-types.ts';

/** The four media sections that every connection has, each with its fixed job. */
export interface TrackSlots {
  readonly audio: RTCRtpTransceiver;
  readonly camera: RTCRtpTransceiver;
  readonly screen: RTCRtpTransceiver;
  readonly screenAudio: RTCRtpTransceiver;
}

/**
 * What names this browser's tracks to the others. Microphone and camera share a stream, and so do the screen and its
 * sound: receivers keep in step what is in one stream.
 */
export interface OwnStreams {
  readonly person: MediaStream;
  readonly screen: MediaStream;
}

/**
 * Opens all four sections, both ways, from the start. Turning a camera or a share on and off is then `replaceTrack`
 * alone and never a negotiation. A section without a track sends nothing, so the idle ones cost some lines of SDP.
 * For the side that makes the first offer.
 */
export function openTrackSlots(connection: RTCPeerConnection, streams: OwnStreams): TrackSlots {
  const open = (kind: 'audio' | 'video', stream: MediaStream) =>
    connection.addTransceiver(kind, { direction: 'sendrecv', streams: [stream] });
  const slots: TrackSlots = {
    audio: open('audio', streams.person),
    camera: open('video', streams.person),
    screen: open('video', streams.screen),
    screenAudio: open('audio', streams.screen),
  };
  preferCodecs(slots);
  return slots;
}

/**
 * Takes over the sections of an offer that has just been applied. To be called before it is answered: transceivers
 * opened here beside those of the offer would never be matched with them (RFC 8829 §5.10), and every section doubled.
 *
 * @returns null when the offer does not hold the sections that it names.
 */
export function adoptTrackSlots(
  connection: RTCPeerConnection,
  mids: TrackMids,
  streams: OwnStreams,
): TrackSlots | null {
  const byMid = new Map(connection.getTransceivers().map((transceiver) => [transceiver.mid, transceiver]));
  const adopt = (mid: string, kind: 'audio' | 'video', stream: MediaStream): RTCRtpTransceiver | null => {
    const transceiver = byMid.get(mid);
    if (transceiver?.receiver.track.kind !== kind) return null;
    byMid.delete(mid);
    transceiver.direction = 'sendrecv';
    transceiver.sender.setStreams(stream);
    return transceiver;
  };
  const audio = adopt(mids.audio, 'audio', streams.person);
  const camera = adopt(mids.camera, 'video', streams.person);
  const screen = adopt(mids.screen, 'video', streams.screen);
  const screenAudio = adopt(mids.screenAudio, 'audio', streams.screen);
  if (audio === null || camera === null || screen === null || screenAudio === null) return null;
  return { audio, camera, screen, screenAudio };
}

/** Where each section stands in the description, to be sent along with it; null before there is one. */
export function readMids({ audio, camera, screen, screenAudio }: TrackSlots): TrackMids | null {
  if (audio.mid === null || camera.mid === null || screen.mid === null || screenAudio.mid === null)
    return null;
  return { audio: audio.mid, camera: camera.mid, screen: screen.mid, screenAudio: screenAudio.mid };
}

/** The other side's tracks, of the sections that it agreed to send in. */
export function readRemoteTracks(slots: TrackSlots): RemoteTracks {
  const trackOf = ({ currentDirection, receiver }: RTCRtpTransceiver) =>
    currentDirection === 'sendrecv' || currentDirection === 'recvonly' ? receiver.track : null;
  return {
    audio: trackOf(slots.audio),
    camera: trackOf(slots.camera),
    screen: trackOf(slots.screen),
    screenAudio: trackOf(slots.screenAudio),
  };
}

/**
 * For the side that offers only: an answer follows the order of the offer. Besides, a Firefox that has set preferences for
 * an answer spoils its next offer: it numbers the codecs anew and keeps the feedback lines of the old numbers, which
 * Chromium refuses as a whole (seen in 153: "Failed to parse codecs correctly").
 */
function preferCodecs({ camera, screen }: TrackSlots): void {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  if (codecs.length === 0) return;
  camera.setCodecPreferences(orderCameraCodecs(codecs));
  screen.setCodecPreferences(orderScreenCodecs(codecs));
}
