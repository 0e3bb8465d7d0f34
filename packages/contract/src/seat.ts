import * as v from 'valibot';

/**
 * The secret by which a client keeps its seat in a room when its connection ends: 32 random bytes in base64url, made by the
 * client for each stay and shown to nobody but the server.
 */
export const seatTokenSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/, 'not a seat token'));

/** A seat, as its owner claims it. */
export const seatClaimSchema = v.object({
  token: seatTokenSchema,
  /** Counts the connections by which the client has claimed this seat, from 1. A higher one ends the one before. */
  connection: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
});
export type SeatClaim = v.InferOutput<typeof seatClaimSchema>;

const numberSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));
const upToSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

/** Where the two streams of a seat stand: what its owner need not repeat, and what the owner has been told. */
export const seatSchema = v.object({
  /** The last numbered request that the server has taken. */
  requestsUpTo: upToSchema,
  /** The last numbered notice that this answer contains: the next one has a higher number. */
  noticesUpTo: upToSchema,
  /** How long the seat is kept for an owner whose connection has ended. */
  graceSeconds: v.number(),
  /** The sequence of its owner's last line of chat; the next one is above it. Without it, no line was said. */
  chatUpTo: v.exactOptional(upToSchema),
});
export type Seat = v.InferOutput<typeof seatSchema>;

/**
 * The second argument of an event between a client with a seat and the server: its place in the stream that survives
 * connections.
 */
export const numberingSchema = v.pipe(
  v.object({
    /** The number of this request or notice. Numbers of one direction rise; those of requests by one. */
    number: v.exactOptional(numberSchema),
    /** From clients: everything up to this notice has arrived and need not be kept any longer. */
    receivedUpTo: v.exactOptional(upToSchema),
  }),
  v.check(
    ({ number, receivedUpTo }) => number !== undefined || receivedUpTo !== undefined,
    'a numbering has a number or says what was received',
  ),
);
export type Numbering = v.InferOutput<typeof numberingSchema>;

export const receivedUpToSchema = upToSchema;
export const requestNumberSchema = numberSchema;
