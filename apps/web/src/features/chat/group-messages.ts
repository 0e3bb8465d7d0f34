import type { ChatMessage } from '@callbox/client';

/** Messages that one person sent in a row. */
export interface MessageGroup<TMessage extends ChatMessage = ChatMessage> {
  readonly key: string;
  readonly authorId: string;
  readonly authorName: string;
  /** When the first of them was sent. */
  readonly sentAtMs: number;
  readonly messages: readonly TMessage[];
}

const togetherMs = 3 * 60_000;

/** Gathers what belongs together: the same author under the same name, with no long pause. */
export function groupMessages<TMessage extends ChatMessage>(
  messages: readonly TMessage[],
): readonly MessageGroup<TMessage>[] {
  const groups: { -readonly [K in keyof MessageGroup]: MessageGroup<TMessage>[K] }[] = [];
  let lastSentAtMs = 0;
  for (const message of messages) {
    const group = groups.at(-1);
    const joins =
      group !== undefined &&
      group.authorId === message.authorId &&
      group.authorName === message.authorName &&
      message.sentAtMs - lastSentAtMs < togetherMs;
    if (joins) group.messages = [...group.messages, message];
    else {
      groups.push({
        key: `${message.authorId} ${message.sequence}`,
        authorId: message.authorId,
        authorName: message.authorName,
        sentAtMs: message.sentAtMs,
        messages: [message],
      });
    }
    lastSentAtMs = message.sentAtMs;
  }
  return groups;
}
