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
export type MediaState = v.InferOutput<typeof mediaStateSchema>;

export const participantSchema = v.object({
  id: participantIdSchema,
  displayName: v.string(),
  media: mediaStateSchema,
  /** When this participant came in, in milliseconds since 1970 by the server's clock. */
  joinedAtMs: v.number(),
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
});
export type RemoteParticipant = v.InferOutput<typeof remoteParticipantSchema>;
