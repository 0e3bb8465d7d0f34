import * as v from 'valibot';
import { isBlank } from './is-blank.ts';
import { limits } from './limits.ts';
import { participantIdSchema } from './participant.ts';

/** A line of chat as the room keeps it. `authorId` and `sequence` together name it; the pair is never used again. */
export const chatMessageSchema = v.object({
  authorId: participantIdSchema,
  /** Counts the author's messages, from 1. */
  sequence: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** What the author was called then. */
  authorName: v.string(),
  text: v.string(),
  /** When the server took it, in milliseconds since 1970. */
  sentAtMs: v.number(),
});
/** A line of chat as the room keeps it: see `chatMessageSchema`. */
export type ChatMessage = v.InferOutput<typeof chatMessageSchema>;

export const chatRequestSchema = v.object({
  sequence: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
  text: v.pipe(
    v.string(),
    v.maxLength(limits.chatTextLength),
    v.check((text) => !isBlank(text), 'the text is empty'),
  ),
});
