import * as v from 'valibot';

declare const participantIdBrand: unique symbol;
/** Names one participant in one stay in one room. Issued by the server. */
export type ParticipantId = string & { readonly [participantIdBrand]: true };

export const participantIdSchema = v.custom<ParticipantId>(
  (input) => typeof input === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(input),
  'not a participant id',
);

/** What a participant is sending now, said by the participant: a track's own `muted` is late and also follows loss. */
export const mediaStateSchema = v.object({
  /** The microphone is on and audible to others. */
  audio: v.boolean(),
  /** The camera is on. */
  video: v.boolean(),
  /** A screen is being shared. */
  screen: v.boolean(),
});
/** What a participant says is on. */
export type MediaState = v.InferOutput<typeof mediaStateSchema>;

export const participantSchema = v.object({
  id: participantIdSchema,
  displayName: v.string(),
  media: mediaStateSchema,
  /** When this participant came in, in milliseconds since 1970 by the server's clock. */
  joinedAtMs: v.number(),
  /**
   * How connections to this participant are made, where it is not as between two clients of this contract. `plain`: one
   * section for sound and one for the picture, in any order and named by no mid; the one who came later offers; the
   * connection is never asked to be rebuilt; a screen goes over a connection of its own.
   */
  dialect: v.exactOptional(v.literal('plain')),
});
export type Participant = v.InferOutput<typeof participantSchema>;

/**
 * Another participant as one participant sees them. The server decides for each pair who yields when two offers cross
 * (W3C WebRTC, perfect negotiation): the one who came later is impolite and makes the first offer, the other is polite.
 */
export const remoteParticipantSchema = v.object({
  ...participantSchema.entries,
  /** True when the receiver of this message is the polite side towards that participant. */
  polite: v.boolean(),
  /** The server has not heard of them for a while; see the notice `participant-reconnecting`. */
  reconnecting: v.exactOptional(v.boolean()),
});
export type RemoteParticipant = v.InferOutput<typeof remoteParticipantSchema>;
