import type { FirstOffer, TrackMids } from '@callbox/contract';
import { offerStereo } from '../logic/sound-parameters.ts';
import { openTrackSlots, readOfferedMids, type TrackSlots } from './track-slots.ts';

/** A connection with its sections and the words of its offer, which it has not taken in yet. */
export interface PreparedOffer {
  readonly connection: RTCPeerConnection;
  readonly slots: TrackSlots;
  readonly sdp: string;
  readonly mids: TrackMids;
  /** Whether the other side has it already: it went to the server together with the wish to come in. */
  readonly isSent?: boolean;
}

/** One offer that is made before it is needed: who comes into a room then sends it at once. */
export interface OfferStore {
  /** Makes one with what cannot be changed later, if there is none. */
  prepare(fixed: RTCConfiguration): Promise<void>;
  /** What it says; null where there is none. */
  read(): FirstOffer | null;
  /** Hands it over with this configuration; null where there is none, or it cannot have that. */
  take(configuration: RTCConfiguration): PreparedOffer | null;
  /** Lets go of what was not taken. */
  clear(): void;
}

export function createOfferStore(): OfferStore {
  let connection: RTCPeerConnection | null = null;
  let offer: PreparedOffer | null = null;

  function clear(): void {
    connection?.close();
    connection = null;
    offer = null;
  }

  return {
    async prepare(fixed) {
      if (connection !== null) return;
      const opened = new RTCPeerConnection(fixed);
      connection = opened;
      try {
        const slots = openTrackSlots(opened, { person: new MediaStream(), screen: new MediaStream() });
        const sdp = offerStereo((await opened.createOffer()).sdp ?? '');
        const mids = readOfferedMids(sdp);
        // It may have been closed meanwhile.
        if (connection !== opened) return;
        if (mids === null) clear();
        else offer = { connection: opened, slots, sdp, mids };
      } catch {
        // One that is made when it is needed does as well, or says what is wrong.
        if (connection === opened) clear();
      }
    },
    read: () => (offer === null ? null : { sdp: offer.sdp, mids: offer.mids }),
    take(configuration) {
      const prepared = offer;
      if (prepared === null) return null;
      try {
        prepared.connection.setConfiguration(configuration);
      } catch {
        clear();
        return null;
      }
      connection = null;
      offer = null;
      return prepared;
    },
    clear,
  };
}
