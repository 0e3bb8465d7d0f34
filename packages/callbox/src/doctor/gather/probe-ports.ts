import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { isIPv6 } from 'node:net';
import type { PortFact } from '../facts.ts';
import { findPortHolder } from './find-port-holder.ts';
import { reasonOf } from './fetch-answer.ts';

/** Opens a TCP port and closes it again. Undefined for success, else the system's word. */
function tryTcp(port: number, host: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(reasonOf(error)));
    server.listen({ port, exclusive: true, ...(host === undefined ? {} : { host }) }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}

/** The same for UDP. */
export function tryUdp(port: number, host: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(host !== undefined && isIPv6(host) ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      resolve(reasonOf(error));
    });
    socket.bind({ port, address: host ?? '0.0.0.0', exclusive: true }, () =>
      socket.close(() => resolve(undefined)),
    );
  });
}

function stateOf(reason: string | undefined): PortFact['state'] {
  switch (reason) {
    case undefined:
      return 'free';
    case 'EACCES':
      return 'forbidden';
    case 'EADDRNOTAVAIL':
      return 'no-such-address';
    default:
      return 'busy';
  }
}

/** Tries to open the ports that the server would open. */
export async function probePorts(
  wanted: readonly Pick<PortFact, 'transport' | 'port' | 'flag'>[],
  host: string | undefined,
): Promise<readonly PortFact[]> {
  const facts: PortFact[] = [];
  for (const { transport, port, flag } of wanted) {
    const state = stateOf(await (transport === 'tcp' ? tryTcp(port, host) : tryUdp(port, host)));
    const holder = state === 'busy' ? findPortHolder(transport, port)?.inWords : undefined;
    facts.push({ transport, port, flag, state, holder });
  }
  return facts;
}
