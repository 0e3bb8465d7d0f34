/** What an IPv4 and a UDP header add to each packet; what is billed is counted with them. */
const headerOctets = 28;

const octetCounters = [
  'bytes_to_clients_udp',
  'bytes_to_clients_tcp',
  'bytes_to_clients_tls',
  'bytes_to_peers',
] as const;
const packetCounters = [
  'packets_to_clients_udp',
  'packets_to_clients_tcp',
  'packets_to_clients_tls',
  'packets_to_peers',
] as const;

/**
 * What the relay has sent since its start, by its counters: media to clients and to peers, with the headers that every
 * packet has at least. What two relays hand to each other inside the server counts once, on its way out.
 */
export function sentOctets(counters: Readonly<Record<string, number>>): number {
  const sum = (names: readonly string[]): number =>
    names.reduce((total, name) => total + (counters[name] ?? 0), 0);
  return sum(octetCounters) + sum(packetCounters) * headerOctets;
}
