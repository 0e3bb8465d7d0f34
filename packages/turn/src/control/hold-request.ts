import type { Instant } from '../auth/instant.ts';
import type { Control } from './control.ts';
import { failHeldRequest } from './fail-held-request.ts';
import type { IncomingMessage } from './incoming-message.ts';
import type { DropReason, Outcome } from './outcome.ts';

/**
 * Keeps a request until the embedder has said who its user is. Only requests with a valid nonce come here, so their
 * senders can be heard at their addresses; they are rationed like answers to strangers all the same.
 *
 * What is too much is not answered over UDP, where the client asks again by itself in a moment, and is 500 on a
 * connection, where it does not.
 */
export function holdRequest(
  control: Control,
  now: Instant,
  held: { readonly incoming: IncomingMessage; readonly fiveTuple: string; readonly username: string },
): Outcome {
  const { incoming, fiveTuple, username } = held;
  const { client, octets } = incoming;
  const { questions, questionRate } = control;
  const refuse = (reason: DropReason): Outcome =>
    client.transport === 'udp' ? { kind: 'drop', reason } : failHeldRequest({ octets });
  if (questions.holds(fiveTuple, octets)) return { kind: 'held' };
  if (!questionRate.mayAnswer(client.remote, now.monotonicMs)) return refuse('answer-limit');
  switch (questions.hold(fiveTuple, { client, octets, username }, now.monotonicMs)) {
    case 'ask':
      return { kind: 'ask', username };
    case 'join':
      return { kind: 'held' };
    case 'full':
      return refuse('held-limit');
  }
}
