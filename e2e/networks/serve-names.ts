import { createSocket } from 'node:dgram';
import { answerNameQuery } from './answer-name-query.ts';
import { isIsolated, machineAddress, machineName, otherName } from './isolation.ts';

/**
 * Serves the names that the tests' own network has, for as long as the tests run. A line in /etc/hosts would not do:
 * Chromium asks a name server, and no one else, where a relay is.
 */
export async function setup(): Promise<(() => void) | undefined> {
  if (!isIsolated) return undefined;
  const addresses = new Map([machineName, otherName].map((name) => [name, [machineAddress]]));
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const answer = answerNameQuery(query, addresses);
    if (answer !== null) socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(53, '127.0.0.1', resolve);
  });
  return () => socket.close();
}
