import type { ClientLog } from '../log.ts';

/** How one track is to be sent; what is left out stays as the browser has it. */
export interface EncodingWish {
  /** False sends nothing, while all stays ready. */
  readonly active?: boolean;
  /** Undefined takes a limit away. */
  readonly maxBitrate?: number | undefined;
  readonly maxFramerate?: number;
  readonly scaleResolutionDownBy?: number;
  readonly priority?: RTCPriorityType;
  readonly degradationPreference?: RTCDegradationPreference;
}

/** What one sender sends. The last wish wins; steps never overlap. */
export interface TrackSender {
  wish(track: MediaStreamTrack | null, encoding: EncodingWish): void;
}

export function createTrackSender(sender: RTCRtpSender, log: ClientLog): TrackSender {
  let wanted: { track: MediaStreamTrack | null; encoding: EncodingWish } = { track: null, encoding: {} };
  let busy = false;
  let changed = false;

  async function settle(): Promise<void> {
    while (changed) {
      changed = false;
      const { track, encoding } = wanted;
      try {
        if (sender.track !== track) await sender.replaceTrack(track);
        await setEncoding(sender, encoding);
      } catch (error) {
        // The connection was closed meanwhile, or the browser refuses this value: the next wish tries again.
        log('warn', 'a track could not be sent as wished', { kind: track?.kind, error });
      }
    }
    busy = false;
  }

  return {
    wish(track, encoding) {
      wanted = { track, encoding };
      changed = true;
      if (busy) return;
      busy = true;
      void settle();
    },
  };
}

/** W3C WebRTC §5.2.1: parameters are read, changed and set in one turn; the browser forgets what it gave out. */
async function setEncoding(sender: RTCRtpSender, wish: EncodingWish): Promise<void> {
  const parameters = sender.getParameters();
  const encoding = parameters.encodings[0];
  // Before the section is negotiated there may be none.
  if (encoding === undefined) return;
  const { degradationPreference, ...rest } = wish;
  Object.assign(encoding, rest);
  if (degradationPreference !== undefined) parameters.degradationPreference = degradationPreference;
  await sender.setParameters(parameters);
}
