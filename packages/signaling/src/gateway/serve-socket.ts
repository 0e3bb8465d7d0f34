import type { Answer, Refusal } from '@callbox/contract';
import type { Socket } from 'socket.io';
import type { MessageMeter } from './message-meter.ts';
import type { Session } from './session.ts';
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
    const respond = (answer: Answer<unknown>): void => {
      if (acknowledge !== null) acknowledge(answer);
      else if (!answer.ok) socket.emit('refused', answer.error);
    };
    const [input, second] = inputs;
    const numbering = inputs.length === 2 ? second : undefined;
    try {
      session.request(name, input, respond, { numbering, refusal: refusalOf(meter, inputs) });
    } catch (error) {
      logger.error('request failed', { request: name, error });
      respond(refuse('internal', 'the server has a fault'));
    }
  });
}

/** Why an event is refused, whatever it asks for. */
function refusalOf(meter: MessageMeter, inputs: readonly unknown[]): Refusal | null {
  if (meter.isLimited()) return { code: 'rate-limited', message: 'too many messages in too short a time' };
  if (inputs.length === 1 || inputs.length === 2) return null;
  return { code: 'bad-request', message: 'a request carries one object, and a numbering if it has one' };
}

function isAcknowledgement(value: unknown): value is (answer: Answer<unknown>) => void {
  return typeof value === 'function';
}

function refuse(code: Refusal['code'], message: string): Answer<never> {
  return { ok: false, error: { code, message } };
}
