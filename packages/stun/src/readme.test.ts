import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { encodeMessage, METHOD, parseMessage, xorMappedAddress, type TransportAddress } from '@callbox/stun';

/** What a STUN server does: tells the client which address its request came from. */
export function answerBinding(datagram: Uint8Array, from: TransportAddress): Uint8Array | undefined {
  const parsed = parseMessage(datagram);
  if (!parsed.ok || parsed.message.class !== 'request') return undefined;
  const { method, transactionId } = parsed.message;
  if (method !== METHOD.binding) return undefined;
  return encodeMessage({
    class: 'success',
    method,
    transactionId,
    attributes: [xorMappedAddress.encode(from, transactionId)],
  });
}

test('the example of README.md is the code of this file, and does what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/su.exec(readme)?.[1];
  expect(readFileSync(new URL(import.meta.url), 'utf8')).toContain(example);

  const transactionId = new Uint8Array(12).fill(7);
  const from: TransportAddress = { family: 4, address: Uint8Array.of(192, 0, 2, 1), port: 4711 };
  const request = encodeMessage({ class: 'request', method: METHOD.binding, transactionId, attributes: [] });
  const answer = answerBinding(request, from) ?? new Uint8Array();
  expect(answer).toHaveLength(32);
  expect(answerBinding(answer, from)).toBeUndefined();
});
