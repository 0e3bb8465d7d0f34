import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The addresses of this machine that a program can use, each as text without a zone. */
export interface LocalAddresses {
  readonly loopback: readonly string[];
  /** The ones that others can send to; of each family, the one of the default route first. */
  readonly network: readonly string[];
}

/** RFC 4291 §2.5.6: of no use without naming an interface, which no URL and no candidate can. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

/**
 * The address from which this machine would send to the internet. Connecting a UDP socket asks the routing table and
 * sends nothing.
 */
async function findRouteAddress(family: 4 | 6): Promise<string | undefined> {
  // Documentation addresses (RFC 5737, RFC 3849): routed like any other, and nobody's.
  const [type, destination] =
    family === 4 ? (['udp4', '203.0.113.1'] as const) : (['udp6', '2001:db8::1'] as const);
  const socket = createSocket(type);
  try {
    return await new Promise((resolve) => {
      socket.once('error', () => resolve(undefined));
      socket.connect(9, destination, () => resolve(socket.address().address));
    });
  } finally {
    socket.close();
  }
}

/** Looks up the addresses of this machine's interfaces. */
export async function findLocalAddresses(): Promise<LocalAddresses> {
  const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const usable = all.filter(({ address }) => !isLinkLocal(address));
  const loopback = usable.filter(({ internal }) => internal).map(({ address }) => address);
  const network = usable.filter(({ internal }) => !internal).map(({ address }) => address);
  const routed = await Promise.all([findRouteAddress(4), findRouteAddress(6)]);
  const rank = (address: string): number => (routed.includes(address) ? 0 : 1) + (isIPv4(address) ? 0 : 2);
  return { loopback, network: [...new Set(network)].sort((a, b) => rank(a) - rank(b)) };
}
