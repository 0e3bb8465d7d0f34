import type { PeerMessage, TrackMids } from '@callbox/contract';
import type { ClientLog } from '../log.ts';
import type { LinkMessage } from '../logic/generation.ts';
import { keepDtlsRole, remoteDtlsRole } from '../logic/dtls-role.ts';
import { judgeDescription } from '../logic/negotiation.ts';
import {
  askForSound,
  fullSound,
  offerStereo,
  plainVoice,
  type SoundWish,
} from '../logic/sound-parameters.ts';
import type { RemoteTracks } from '../room-types.ts';
import type { PreparedOffer } from './prepare-offer.ts';
import { createSerialQueue } from './serial-queue.ts';
import {
  adoptTrackSlots,
  openTrackSlots,
  readMids,
  readRemoteTracks,
  type OwnStreams,
  type SectionLayout,
  type TrackSlots,
} from './track-slots.ts';

export type DescriptionMessage = Extract<PeerMessage, { kind: 'description' }>;
export type CandidateMessage = Extract<PeerMessage, { kind: 'candidate' }>;

export interface NegotiationOptions {
  readonly connection: RTCPeerConnection;
  /** What the connection tells from then on is not heard. */
  readonly ended: AbortSignal;
  readonly polite: boolean;
  readonly generation: number;
  readonly streams: OwnStreams;
  readonly layout: SectionLayout;
  /** Of the sections that this side opens. */
  readonly direction: RTCRtpTransceiverDirection;
  /** The offer that was made together with the connection, for the side that makes the first. */
  readonly prepared?: PreparedOffer | undefined;
  readonly send: (message: LinkMessage) => void;
  /** Whether the other side would hear it now. */
  readonly canSend: () => boolean;
  /** The sections are there: tracks may be put in. Told once. */
  readonly onSlots: (slots: TrackSlots) => void;
  /** An offer and its answer are in force: this is what the other side may send. `rolledBack`: ours had to give way for that. */
  readonly onSettled: (tracks: RemoteTracks, rolledBack: boolean) => void;
  /** An offer of the other side was taken. */
  readonly onRemoteOffer: () => void;
  /** A description could not be made or applied. */
  readonly onFailed: (error: unknown) => void;
  readonly log: ClientLog;
}

/** More than any browser gathers; what comes beyond it before a description is no candidate of ours. */
const mostEarlyCandidates = 128;

/** The exchange of descriptions and candidates for one connection, from its first offer to its end. */
export interface Negotiation {
  handleDescription(message: DescriptionMessage): void;
  handleCandidate(message: CandidateMessage): void;
  /** Looks for new paths; the offer for it follows by itself. */
  restartIce(): void;
  /**
   * How this person's voice is to be sent. Where it is sent otherwise by then, and the connection can be described anew now, it is; where not,
   * what is described next has it.
   */
  tuneVoice(wish: SoundWish): void;
  /** Begins nothing more. Whose the connection is closes it. */
  close(): void;
}

/**
 * Perfect negotiation (W3C WebRTC §10.7) over a serial queue: every description and candidate, ours and theirs, is dealt
 * with to its end before the next. The impolite side opens the sections and makes the first offer; the polite side adopts
 * them, and offers only after that. So sections are never doubled, not even when later offers cross.
 */
export function createNegotiation(options: NegotiationOptions): Negotiation {
  const { connection, polite, generation, streams, layout, prepared, send, log } = options;
  const queue = createSerialQueue(options.onFailed);
  const earlyCandidates: CandidateMessage[] = [];
  let slots: TrackSlots | null = null;
  let ignoringOffer = false;
  let voice = plainVoice;
  /** By what the other side's description was read that is in force, or is about to be. */
  let voiceInForce = plainVoice;

  const listening = { signal: options.ended };
  connection.addEventListener('negotiationneeded', () => queue.push(makeOffer), listening);
  const handleOwnCandidate = ({ candidate }: RTCPeerConnectionIceEvent): void => {
    // Firefox also ends each media section by an empty line; the end of all, which every browser tells, is enough.
    if (candidate?.candidate === '') return;
    send({
      kind: 'candidate',
      generation,
      candidate: candidate?.candidate ?? '',
      sdpMid: candidate?.sdpMid ?? null,
      sdpMLineIndex: candidate?.sdpMLineIndex ?? null,
      usernameFragment: candidate?.usernameFragment ?? null,
    });
  };
  connection.addEventListener('icecandidate', handleOwnCandidate, listening);

  function holdSlots(held: TrackSlots): void {
    slots = held;
    options.onSlots(held);
  }

  /** The words of the offer are known before the browser has taken it in: nobody need wait for that. */
  function sendPrepared({ sdp, mids, slots: opened, isSent = false }: PreparedOffer): void {
    // Now, and not when the page has drawn the call: it is the beginning of all that takes time. And before the browser is
    // given it, which reads it through in this turn.
    if (!isSent) send({ kind: 'description', generation, type: 'offer', sdp, mids });
    const taken = connection.setLocalDescription({ type: 'offer', sdp });
    // One that is closed before its turn comes is of no interest any more.
    taken.catch(() => {});
    slots = opened;
    queue.push(async () => {
      await taken;
      // Not before: to ask a sender for its parameters stops the page until the browser has taken in the offer.
      options.onSlots(opened);
    });
  }

  async function makeOffer(): Promise<void> {
    // Not stable: an offer is open, and the browser asks again when it is settled. No sections: theirs are to come.
    if (connection.signalingState !== 'stable' || slots === null) return;
    await describe(await connection.createOffer());
  }

  async function describe({ type, sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
    await connection.setLocalDescription({ type, sdp: offerStereo(sdp) });
    sendDescription();
  }

  async function retune(): Promise<void> {
    if (voice.full !== voiceInForce.full || voice.redundant !== voiceInForce.redundant) await makeOffer();
  }

  function sendDescription(): void {
    const description = connection.localDescription;
    if (description === null || slots === null) throw new Error('there is no description to send');
    const type = description.type === 'offer' ? 'offer' : 'answer';
    if (layout !== 'all') return send({ kind: 'description', generation, type, sdp: spell(description.sdp) });
    const mids = readMids(slots);
    if (mids === null) throw new Error('the description does not hold all sections');
    send({ kind: 'description', generation, type, sdp: description.sdp, mids });
  }

  /** A plain participant does not mend what its browser says of DTLS roles (see `keepDtlsRole`), so we say ours for good. */
  function spell(sdp: string): string {
    const { currentLocalDescription, currentRemoteDescription } = connection;
    return keepDtlsRole(sdp, remoteDtlsRole(currentRemoteDescription, currentLocalDescription));
  }

  async function applyDescription({ type, sdp, mids }: DescriptionMessage): Promise<void> {
    const verdict = judgeDescription(type, connection.signalingState, polite);
    ignoringOffer = verdict === 'ignore';
    if (verdict !== 'apply') {
      log('debug', 'a description was not applied', { type, verdict, generation });
      return;
    }
    const rolledBack = type === 'offer' && connection.signalingState === 'have-local-offer';
    await connection.setRemoteDescription({ type, sdp: prepare(sdp) });
    for (const candidate of earlyCandidates.splice(0)) await addCandidate(candidate);
    if (type === 'offer') await answer(mids);
    // What is made of it takes time. Candidates that have come meanwhile go first: the connection waits for them.
    queue.push(async () => settle(rolledBack));
  }

  function settle(rolledBack: boolean): void {
    if (slots !== null) options.onSettled(readRemoteTracks(slots), rolledBack);
  }

  function soundWishes(): readonly SoundWish[] {
    if (layout === 'screen') return [fullSound];
    return layout === 'person' ? [voice] : [voice, fullSound];
  }

  function prepare(sdp: string): string {
    const { currentLocalDescription, currentRemoteDescription } = connection;
    voiceInForce = voice;
    return keepDtlsRole(
      askForSound(sdp, soundWishes()),
      remoteDtlsRole(currentLocalDescription, currentRemoteDescription),
    );
  }

  async function answer(mids: TrackMids | undefined): Promise<void> {
    const isFirst = slots === null;
    slots ??= adoptTrackSlots(connection, mids, streams, layout);
    if (slots === null) throw new Error('the offer does not hold the media sections that it names');
    try {
      await describe(await connection.createAnswer());
    } finally {
      // Not before: what senders are told stops the page until the media threads have answered, and the other side waits.
      if (isFirst) options.onSlots(slots);
    }
    options.onRemoteOffer();
  }

  async function addCandidate(message: CandidateMessage): Promise<void> {
    if (connection.remoteDescription === null) {
      if (!ignoringOffer && earlyCandidates.length < mostEarlyCandidates) earlyCandidates.push(message);
      return;
    }
    const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = message;
    try {
      await connection.addIceCandidate({ candidate, sdpMid, sdpMLineIndex, usernameFragment });
    } catch (error) {
      // Those of an offer that we ignore belong to nothing. Any other is one path less, which is not the end.
      if (!ignoringOffer) log('warn', 'a candidate was not taken', { generation, error });
    }
  }

  if (!polite && prepared !== undefined) sendPrepared(prepared);
  else if (!polite) holdSlots(openTrackSlots(connection, streams, layout, options.direction));

  return {
    handleDescription: (message) => queue.push(() => applyDescription(message)),
    handleCandidate: (message) => queue.push(() => addCandidate(message)),
    restartIce: () => connection.restartIce(),
    tuneVoice(wish) {
      voice = wish;
      // An offer that nobody hears would be in the way of all that follow; and a plain participant may not know what to do with
      // one in mid-call.
      const mayOffer = layout === 'all' && connection.connectionState === 'connected' && options.canSend();
      if (mayOffer) queue.push(retune);
    },
    close: () => queue.close(),
  };
}
