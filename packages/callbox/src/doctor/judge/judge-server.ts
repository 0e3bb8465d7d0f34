import { find, type Finding } from '../diagnosis-table.ts';
import type { Facts, PortFact } from '../facts.ts';
import type { Judgement } from './judgement.ts';
import { looksFromOutside } from './perspective.ts';

function judgePort(port: PortFact, facts: Facts): Finding | undefined {
  const transport = port.transport.toUpperCase();
  const values = { transport, port: port.port, flag: port.flag };
  switch (port.state) {
    case 'free':
      return undefined;
    case 'busy':
      return find('port-taken', `opening ${transport} port ${port.port} is refused: EADDRINUSE`, {
        ...values,
        holder: port.holder ?? 'another program',
      });
    case 'forbidden':
      return find('port-forbidden', `opening ${transport} port ${port.port} is refused: EACCES`, values);
    case 'no-such-address': {
      const address = facts.listenAddress ?? '';
      return find('address-missing', `opening ${address} port ${port.port} is refused: EADDRNOTAVAIL`, {
        address,
        addresses: [...facts.local.network, ...facts.local.loopback].join(', '),
      });
    }
  }
}

/** Is it there, and if not, can it be? */
export const judgeServer: Judgement = (facts, hasFound) => {
  if (looksFromOutside(facts)) return [];
  const { health } = facts;
  if (health.kind === 'callbox') return [];
  if (health.kind === 'unready') return [find('not-ready', `/healthz is answered with ${health.status}`)];
  const findings = facts.ports
    .map((port) => judgePort(port, facts))
    .filter((finding) => finding !== undefined);
  // An address that is missing is missing for each port.
  const missing = findings.find(({ id }) => id === 'address-missing');
  if (missing !== undefined) return [missing];
  if (findings.length > 0) return findings;
  // It could not start.
  if (hasFound('data-unusable')) return [];
  const reason = health.kind === 'silent' ? health.reason : `status ${health.status}`;
  return [find('not-running', `/healthz is not answered on this machine: ${reason}`)];
};

/** The relay's ports, one for each relayed guest. */
export const judgeRelayPorts: Judgement = (facts, hasFound) => {
  if (looksFromOutside(facts) || !facts.roles.includes('turn') || hasFound('address-missing')) return [];
  const { min, max } = facts.relayPorts;
  const { tried, failed, reason } = facts.relayPortsTried;
  if (tried > 0 && failed === tried) {
    return [
      find('relay-ports-taken', `of ${tried} UDP ports tried within ${min}-${max}, none opens: ${reason}`),
    ];
  }
  const given = facts.system.ephemeralPorts;
  if (given === undefined || min > given.max || max < given.min) return [];
  return [
    find(
      'relay-ports-shared',
      `--relay-ports is ${min}-${max}; net.ipv4.ip_local_port_range is ${given.min}-${given.max}`,
      {
        lastEphemeral: given.max,
      },
    ),
  ];
};
