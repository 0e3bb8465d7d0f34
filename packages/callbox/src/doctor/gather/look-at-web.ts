import { randomBytes } from 'node:crypto';
import { SIGNALING_PATH } from '@callbox/contract';
import type { PublicName, WebFact } from '../facts.ts';
import { fetchAnswer } from './fetch-answer.ts';
import { lookAtCertificate } from './look-at-certificate.ts';
import { probeHealth } from './probe-health.ts';

/** RFC 6455 §4.1: the opening handshake. Undefined where it was not answered at all. */
async function shakeHands(name: PublicName, timeoutMs: number): Promise<number | undefined> {
  try {
    const answer = await fetchAnswer({
      url: `${name.url}${SIGNALING_PATH}?EIO=4&transport=websocket`,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      },
      timeoutMs,
    });
    return answer.status;
  } catch {
    return undefined;
  }
}

/** Opens the server by its public name, as a browser would. */
export async function lookAtWeb(
  name: PublicName,
  hasSignaling: boolean,
  timeoutMs: number,
): Promise<WebFact> {
  const [{ health, answer }, certificate] = await Promise.all([
    probeHealth(name.url, timeoutMs),
    name.secure ? lookAtCertificate(name, timeoutMs) : undefined,
  ]);
  const date = Date.parse(answer?.headers['date'] ?? '');
  return {
    health,
    headers: answer?.headers ?? {},
    certificate,
    websocketStatus:
      health.kind === 'callbox' && hasSignaling ? await shakeHands(name, timeoutMs) : undefined,
    // A Date is a whole second, cut off (RFC 9110 §5.6.7).
    clockAheadMs:
      answer === undefined || Number.isNaN(date)
        ? undefined
        : date + 500 - (answer.sentAtMs + answer.cameAtMs) / 2,
  };
}
