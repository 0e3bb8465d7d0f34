import * as v from 'valibot';
import { isShallow } from './is-shallow.ts';
import { limits } from './limits.ts';
import { participantIdSchema } from './participant.ts';

const midSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.idLength));

/** Which media section carries what. Sent with every description, so that neither side has to guess by order. */
export const trackMidsSchema = v.object({
  audio: midSchema,
  camera: midSchema,
  screen: midSchema,
  screenAudio: midSchema,
});
export type TrackMids = v.InferOutput<typeof trackMidsSchema>;

/**
 * Counts the connections that this pair has built, from 0. Messages of an older connection are dropped; an offer of a
 * newer one replaces the connection.
 */
const generationSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));

/** The connection that carries this participant's screen, apart from the pair's own. Towards and from plain ones only. */
const screenOfSchema = v.exactOptional(participantIdSchema);

const sdpSchema = v.pipe(v.string(), v.maxLength(limits.sdpLength));

/** The offer of one who comes in, which is made before it is known to whom: see `room-join`. */
export const firstOfferSchema = v.object({ sdp: sdpSchema, mids: trackMidsSchema });
export type FirstOffer = v.InferOutput<typeof firstOfferSchema>;

export const peerDescriptionSchema = v.object({
  kind: v.literal('description'),
  generation: generationSchema,
  type: v.picklist(['offer', 'answer']),
  sdp: sdpSchema,
  /** Absent towards and from a participant of the plain dialect, whose sections are known by their kind. */
  mids: v.exactOptional(trackMidsSchema),
  screenOf: screenOfSchema,
});

export const peerCandidateSchema = v.object({
  kind: v.literal('candidate'),
  generation: generationSchema,
  /** The candidate line; empty means that there are no more for this media section. */
  candidate: v.pipe(v.string(), v.maxLength(limits.candidateLength)),
  sdpMid: v.nullable(midSchema),
  sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
  usernameFragment: v.nullable(v.pipe(v.string(), v.maxLength(256))),
  screenOf: screenOfSchema,
});

const wantedSideSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(limits.pictureSide));

/** Asks the impolite side to build a new connection of the given generation: ours is beyond repair. */
export const peerRebuildSchema = v.object({
  kind: v.literal('rebuild'),
  generation: generationSchema,
});

/**
 * How large the other side's pictures are shown here: the shorter side in pixels of the screen, 0 for one that is not seen.
 * Who is told sends no more than that.
 */
export const peerWantSchema = v.object({
  kind: v.literal('want'),
  camera: wantedSideSchema,
  screen: wantedSideSchema,
});

/** What the page of one participant tells the page of another. The call itself knows nothing of it. */
export const peerAppSchema = v.object({
  kind: v.literal('app'),
  type: v.pipe(v.string(), v.minLength(1), v.maxLength(limits.idLength)),
  /** Anything that JSON can say, up to 32 levels deep. */
  payload: v.exactOptional(v.pipe(v.unknown(), v.check(isShallow, 'nested too deep'))),
});

/** What two participants tell each other through the server, which checks its shape and never reads it. */
export const peerMessageSchema = v.variant('kind', [
  peerDescriptionSchema,
  peerCandidateSchema,
  peerRebuildSchema,
  peerWantSchema,
  peerAppSchema,
]);
export type PeerMessage = v.InferOutput<typeof peerMessageSchema>;

export const peerMessageRequestSchema = v.object({ to: participantIdSchema, message: peerMessageSchema });
export const peerMessageEventSchema = v.object({ from: participantIdSchema, message: peerMessageSchema });
