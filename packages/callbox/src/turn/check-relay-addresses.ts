import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { StartError } from '../start-error.ts';

function canBind(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', ipv6Only: isIPv6(address) });
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(0, address, () => socket.close(() => resolve(true)));
  });
}

/**
 * Sees to it that what the operator chose for relayed media are addresses of this machine: else it would only be found out in
 * the middle of a call. Rejects with a `StartError`.
 */
export async function checkRelayAddresses(addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    if (!(await canBind(address)))
      throw new StartError(`--relay-address ${address}: this machine has no such address`);
  }
}
