import type { ClientLog } from '../log.ts';
import type { LinkMessage } from '../logic/generation.ts';
import { readFlow, type Flow, type FlowStats } from '../logic/flow.ts';
import type { LinkReading, RawStats } from '../logic/link-statistics.ts';
import { loudnessOf } from '../logic/loudness.ts';
import { beginSmall, scaleDownBy, type PictureLimits, type SendingPlan } from '../logic/sending-plan.ts';
import type { MediaPath, RemoteTracks } from '../room-types.ts';
import type { OwnTracks } from './media-transport.ts';
import { createNegotiation, type CandidateMessage, type DescriptionMessage } from './negotiation.ts';
import { createPathWatch } from './path-watch.ts';
import type { PreparedOffer } from './prepare-offer.ts';
import { createTrackSender, type EncodingWish, type TrackSender } from './track-sender.ts';
import type { OwnStreams, SectionLayout, TrackSlots } from './track-slots.ts';

/** What this browser has to send, and how much of it. */
export interface Sending extends OwnTracks {
  readonly plan: SendingPlan;
}

export interface PeerSessionOptions {
  readonly connection: RTCPeerConnection;
  readonly polite: boolean;
  readonly generation: number;
  readonly streams: OwnStreams;
  readonly layout: SectionLayout;
  readonly direction: RTCRtpTransceiverDirection;
  /** The offer that was made together with the connection, if it was. */
  readonly prepared?: PreparedOffer | undefined;
  /** Labels of the data channels that there are from the start. */
  readonly channels: readonly string[];
  readonly send: (message: LinkMessage) => void;
  readonly canSend: () => boolean;
  readonly onStates: () => void;
  readonly onPath: (path: MediaPath) => void;
  readonly onRemoteTracks: (tracks: RemoteTracks) => void;
  readonly onChannel: (channel: RTCDataChannel) => void;
  readonly onRemoteOffer: () => void;
  readonly onFailed: (error: unknown) => void;
  readonly log: ClientLog;
}

/** One connection to one participant, and all that ends together with it. */
export interface PeerSession {
  readonly generation: number;
  readonly connection: RTCPeerConnection;
  /** Takes a message of this generation. */
  handleMessage(message: DescriptionMessage | CandidateMessage): void;
  send(sending: Sending): void;
  openChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel;
  restartIce(): void;
  level(): number;
  /** One look at what flows; null while the connection is not up. */
  readStatistics(): Promise<LinkReading | null>;
  /** What media has arrived until now. */
  readFlow(): Promise<Flow>;
  /** Whether any media came in the last ten seconds. */
  hasHeardLately(): boolean;
  close(): void;
  /** As `close`, where the other side has gone or another connection takes over: says and hears nothing more, and closes the connection a moment later. */
  retire(): void;
}

/** How long after connecting a camera's picture stays small: the browser has found out by then what the way carries. */
const smallForMs = 500;
/**
 * Who goes closes their side, which changes the states of ours. Chromium (156) keeps a connection for as long as the page if it is closed
 * while the event of such a change waits for its turn (blink/renderer/modules/peerconnection/rtc_peer_connection.cc,
 * DispatchScheduledEvents). By then all of them had theirs.
 */
const goneForMs = 500;

export function createPeerSession(options: PeerSessionOptions): PeerSession {
  const { connection, generation, log } = options;
  const pathWatch = createPathWatch(connection, options.onPath);
  let slots: TrackSlots | null = null;
  let senders: Readonly<Record<keyof TrackSlots, TrackSender | null>> | null = null;
  let sending: Sending | null = null;
  let beginning = true;
  let wasConnected = false;
  const ending = new AbortController();
  const listening = { signal: ending.signal };
  let growing: ReturnType<typeof setTimeout> | undefined;

  const negotiation = createNegotiation({
    ...options,
    ended: ending.signal,
    onSlots(opened) {
      slots = opened;
      senders = {
        audio: createSender(opened.audio),
        camera: createSender(opened.camera),
        screen: createSender(opened.screen),
        screenAudio: createSender(opened.screenAudio),
      };
      applySending();
    },
    onSettled(tracks, rolledBack) {
      options.onRemoteTracks(tracks);
      // Chromium forgets the encodings of its senders when an offer of ours was rolled back.
      if (rolledBack) forgetSending();
      applySending();
      // A restart of ICE may move media to another path while the connection stays up all along.
      lookForPath();
    },
  });

  function createSender(slot: RTCRtpTransceiver | null): TrackSender | null {
    return slot === null ? null : createTrackSender(slot.sender, log);
  }

  function forgetSending(): void {
    if (senders === null) return;
    for (const sender of Object.values(senders)) sender?.forget();
  }

  function applySending(): void {
    if (sending === null) return;
    const { audio, camera, screen, screenAudio, plan, originalSound } = sending;
    negotiation.tuneVoice({ full: originalSound, redundant: plan.redundantVoice });
    if (senders === null) return;
    // Each word to a sender holds up the thread that also looks for the way. Until that is found, the one who was there first
    // gets the picture ready that the newcomer waits for, and nothing else is begun.
    if (wasConnected || options.polite) {
      senders.camera?.wish(camera, {
        ...describePicture(camera, beginning && plan.camera !== null ? beginSmall(plan.camera) : plan.camera),
        degradationPreference: 'maintain-framerate',
      });
    }
    if (!wasConnected) return;
    senders.audio?.wish(audio, {
      priority: 'high',
      maxBitrate: plan.maxAudioBitsPerSecond ?? undefined,
    });
    // Text must stay sharp; it may move in steps.
    senders.screen?.wish(screen, {
      ...describePicture(screen, plan.screen),
      degradationPreference: 'maintain-resolution',
    });
    senders.screenAudio?.wish(screenAudio, {});
  }

  function followArrival(): void {
    if (wasConnected || connection.connectionState !== 'connected') return;
    wasConnected = true;
    applySending();
    growing = setTimeout(() => {
      beginning = false;
      applySending();
    }, smallForMs);
  }

  function lookForPath(): void {
    if (connection.connectionState === 'connected') pathWatch.look();
  }

  function openChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel {
    const channel = connection.createDataChannel(label, init);
    options.onChannel(channel);
    return channel;
  }
  if (!options.polite) for (const label of options.channels) openChannel(label);

  function end(): void {
    clearTimeout(growing);
    pathWatch.stop();
    negotiation.close();
    ending.abort();
  }

  connection.addEventListener('datachannel', ({ channel }) => options.onChannel(channel), listening);
  connection.addEventListener('connectionstatechange', followConnectionState, listening);
  // The two states change one after the other, and between the events they contradict each other: after a restart ICE is
  // up while the connection still counts as failed. So this event is heard for the one thing that it alone tells.
  connection.addEventListener('iceconnectionstatechange', followIceState, listening);

  function followConnectionState(): void {
    lookForPath();
    followArrival();
    options.onStates();
  }

  function followIceState(): void {
    if (connection.iceConnectionState === 'failed') options.onStates();
  }

  return {
    generation,
    connection,
    handleMessage(message) {
      if (message.kind === 'description') negotiation.handleDescription(message);
      else negotiation.handleCandidate(message);
    },
    send(next) {
      sending = next;
      applySending();
    },
    openChannel,
    restartIce: () => negotiation.restartIce(),
    level() {
      // At first the browser has better things to do: the question stops the page until its media threads have answered.
      if (slots === null || beginning || connection.connectionState !== 'connected') return 0;
      return loudnessOf(slots.audio?.receiver.getSynchronizationSources()[0]?.audioLevel ?? 0);
    },
    async readStatistics() {
      if (slots === null || connection.connectionState !== 'connected') return null;
      const report = new Map<string, RawStats>();
      (await connection.getStats()).forEach((entry: RawStats) => report.set(entry.id, entry));
      return { generation, report, sections: nameSections(slots) };
    },
    async readFlow() {
      const entries: FlowStats[] = [];
      (await connection.getStats()).forEach((entry: FlowStats) => entries.push(entry));
      return readFlow(entries);
    },
    hasHeardLately: () =>
      slots !== null &&
      [slots.audio, slots.camera].some(
        (slot) => (slot?.receiver.getSynchronizationSources().length ?? 0) > 0,
      ),
    close() {
      end();
      connection.close();
    },
    retire() {
      end();
      setTimeout(() => connection.close(), goneForMs);
    },
  };
}

function nameSections(slots: TrackSlots): LinkReading['sections'] {
  const nameOf = (slot: RTCRtpTransceiver | null) =>
    slot === null ? null : { mid: slot.mid, receivedTrackId: slot.receiver.track.id };
  return {
    audio: nameOf(slots.audio),
    camera: nameOf(slots.camera),
    screen: nameOf(slots.screen),
    screenAudio: nameOf(slots.screenAudio),
  };
}

function describePicture(track: MediaStreamTrack | null, limits: PictureLimits | null): EncodingWish {
  if (limits === null) return { active: false };
  return {
    active: true,
    maxBitrate: limits.maxBitsPerSecond,
    maxFramerate: limits.maxFramesPerSecond,
    scaleResolutionDownBy: scaleDownBy(limits, track?.getSettings() ?? {}),
  };
}
