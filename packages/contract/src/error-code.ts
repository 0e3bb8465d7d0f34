import * as v from 'valibot';

/**
 * Why the server refused. Documented in `docs/signaling.md`; a test holds the two together.
 *
 * - `bad-request`: the message does not fit its schema.
 * - `version-unsupported`: the client speaks a version of the contract that this server does not.
 * - `room-name-invalid`: see `parseRoomName`.
 * - `room-full`: as many participants as the server allows are inside.
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
  'already-in-room',
  'not-in-room',
  'unknown-participant',
  'rate-limited',
  'internal',
] as const;

export const errorCodeSchema = v.picklist(errorCodes);
export type ErrorCode = v.InferOutput<typeof errorCodeSchema>;

/** A refusal. `message` is for the developer's console, in English; what a person reads is chosen by `code`. */
export const refusalSchema = v.object({
  code: errorCodeSchema,
  message: v.string(),
  /** With `room-full`: how many the room holds. */
  maxParticipants: v.exactOptional(v.number()),
});
export type Refusal = v.InferOutput<typeof refusalSchema>;
