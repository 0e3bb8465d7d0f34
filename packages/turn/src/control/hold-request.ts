import type { Instant } from '../auth/instant.ts';
import type { Control } from './control.ts';
import { failHeldRequest } from './fail-held-request.ts';
import type { IncomingMessage } from './incoming-message.ts';
import type { Outcome } from './outcome.ts';

/**
 * Keeps a request until the embedder has said who its user is. Only requests with a valid nonce come here, so their
 * senders can be heard at their addresses; over UDP they are rationed like answers to strangers all the same.
 *
 * Where there is no more room, a client on UDP is not answered, since it asks again by itself in a moment; one on a
 * connection does not.
 */
export function holdRequest(
  control: Control,
  now: Instant,
  held: { readonly incoming: IncomingMessage; readonly fiveTuple: string; readonly username: string },
): Outcome {
  const { incoming, fiveTuple, username } = held;
  const { client, octets } = incoming;
  const { questions, strangerAnswers } = control;
  const isDatagram = client.transport === 'udp';
  if (questions.holds(fiveTuple, octets)) return { kind: 'held' };
  if (isDatagram && !strangerAnswers.mayAnswer(client.remote, now.monotonicMs)) {
    return { kind: 'drop', reason: 'answer-limit' };
  }
  switch (questions.hold(fiveTuple, { client, octets, username }, now.monotonicMs)) {
    case 'ask':
      return { kind: 'ask', username };
    case 'join':
      return { kind: 'held' };
    case 'full':
      return isDatagram ? { kind: 'drop', reason: 'held-limit' } : failHeldRequest({ octets });
  }
}
