import * as v from 'valibot';

/**
 * Why the server refused. Documented in `docs/signaling.md`; a test holds the two together.
 *
 * - `bad-request`: the message does not fit its schema.
 * - `version-unsupported`: the client speaks a version of the contract that this server does not.
 * - `room-name-invalid`: see `parseRoomName`.
 * - `room-full`: as many participants as the server allows are inside.
 * - `room-locked`: nobody new is let in now.
 * - `removed`: this client was taken out of the room.
 * - `resume-refused`: the seat cannot be resumed; `reason` says why. Join anew.
 * - `already-in-room`: this connection is in a room; leave it first.
 * - `not-in-room`: the request needs a room.
 * - `unknown-participant`: nobody with that id is in the sender's room.
 * - `rate-limited`: too many messages in too short a time; wait and try again.
 * - `internal`: a fault of the server; its log has the reason.
 */
export const errorCodes = [
  'bad-request',
  'version-unsupported',
  'room-name-invalid',
  'room-full',
  'room-locked',
  'removed',
  'resume-refused',
  'already-in-room',
  'not-in-room',
  'unknown-participant',
  'rate-limited',
  'internal',
] as const;

export const errorCodeSchema = v.picklist(errorCodes);
/** Why the server refused: see `errorCodes`. */
export type ErrorCode = v.InferOutput<typeof errorCodeSchema>;

/**
 * Why a seat is not resumed.
 *
 * - `unknown`: the server knows no such seat: the room is over, or what was kept of it is gone.
 * - `gone`: its owner has left, or stayed away longer than the grace.
 * - `removed`: its owner was taken out of the room.
 * - `missed-too-much`: more happened meanwhile than the server keeps for one who is away.
 * - `out-of-step`: what client and server remember of the streams does not fit.
 * - `outdated`: a later connection has claimed the seat.
 */
export const resumeRefusalReasons = [
  'unknown',
  'gone',
  'removed',
  'missed-too-much',
  'out-of-step',
  'outdated',
] as const;
export type ResumeRefusalReason = (typeof resumeRefusalReasons)[number];

/** A refusal. `message` is for the developer's console, in English; what a person reads is chosen by `code`. */
export const refusalSchema = v.object({
  code: errorCodeSchema,
  message: v.string(),
  /** With `room-full`: how many the room holds. */
  maxParticipants: v.exactOptional(v.number()),
  /** With `resume-refused`. One that this build does not know is as good as `unknown`. */
  reason: v.exactOptional(v.fallback(v.picklist(resumeRefusalReasons), 'unknown')),
});
/** A refusal: its code is for the program, its message for the developer. */
export type Refusal = v.InferOutput<typeof refusalSchema>;
