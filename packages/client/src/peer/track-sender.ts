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
  /** To be called when the browser may have forgotten the encoding: the next wish is set even if it says nothing new. */
  forget(): void;
}

export function createTrackSender(sender: RTCRtpSender, log: ClientLog): TrackSender {
  let wanted: { track: MediaStreamTrack | null; encoding: EncodingWish } = { track: null, encoding: {} };
  let busy = false;
  let changed = false;
  /** What the browser was told last. Each word to it stops the page until its media threads have answered. */
  let told: string | null = null;

  async function settle(): Promise<void> {
    while (changed) {
      changed = false;
      const { track, encoding } = wanted;
      try {
        if (sender.track !== track) await sender.replaceTrack(track);
        const words = JSON.stringify(encoding);
        // Without a track there is nothing that it could be about.
        if (track === null || words === told) continue;
        if (await setEncoding(sender, encoding)) told = words;
      } catch (error) {
        told = null;
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
    forget() {
      told = null;
    },
  };
}

/**
 * W3C WebRTC §5.2.1: parameters are read, changed and set in one turn; the browser forgets what it gave out.
 *
 * @returns false where there is no encoding to change.
 */
async function setEncoding(sender: RTCRtpSender, wish: EncodingWish): Promise<boolean> {
  const parameters = sender.getParameters();
  const encoding = parameters.encodings[0];
  // Before the section is negotiated there may be none.
  if (encoding === undefined) return false;
  const { degradationPreference, ...rest } = wish;
  Object.assign(encoding, rest);
  if (degradationPreference !== undefined) parameters.degradationPreference = degradationPreference;
  await sender.setParameters(parameters);
  return true;
}
