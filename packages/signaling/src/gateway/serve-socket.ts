import type { Answer, Refusal } from '@callbox/contract';
import type { Socket } from 'socket.io';
import type { MessageMeter } from './message-meter.ts';
import type { Session } from './room-desk.ts';
import type { Logger } from './signaling-server-options.ts';

/**
 * Answers every event that a socket receives, whatever its name and shape: by its acknowledgement, or, where there is
 * none, with a `refused` notice if it was refused.
 */
export function serveSocket(socket: Socket, session: Session, meter: MessageMeter, logger: Logger): void {
  // `onAny` instead of one listener per name: a name that nobody listens to would go unanswered.
  socket.onAny((...received: unknown[]) => {
    // A batch may still hold events after the one that ended the connection.
    if (!socket.connected) return;
    const last = received.at(-1);
    const acknowledge = isAcknowledgement(last) ? last : null;
    const [name, ...inputs] = acknowledge === null ? received : received.slice(0, -1);
    const answer = answerEvent(session, meter, logger, name, inputs);
    if (acknowledge !== null) acknowledge(answer);
    else if (!answer.ok) socket.emit('refused', answer.error);
  });
}

function answerEvent(
  session: Session,
  meter: MessageMeter,
  logger: Logger,
  name: unknown,
  inputs: readonly unknown[],
): Answer<unknown> {
  if (meter.isLimited()) return refuse('rate-limited', 'too many messages in too short a time');
  if (inputs.length !== 1) return refuse('bad-request', 'a request carries one object');
  try {
    const answer = session.answer(name, inputs[0]);
    logger.debug('request answered', { request: name, refusal: answer.ok ? null : answer.error.code });
    return answer;
  } catch (error) {
    logger.error('request failed', { request: name, error });
    return refuse('internal', 'the server has a fault');
  }
}

function isAcknowledgement(value: unknown): value is (answer: Answer<unknown>) => void {
  return typeof value === 'function';
}

function refuse(code: Refusal['code'], message: string): Answer<never> {
  return { ok: false, error: { code, message } };
}
