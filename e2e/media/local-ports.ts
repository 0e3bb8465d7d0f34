import type { Guest } from '../browser/guest.ts';

/**
 * The UDP ports, a relay's among them, by which a connection of this page can be reached: of the one whose media comes in at
 * this port.
 */
export function listLocalPorts(guest: Guest, port: number): Promise<number[]> {
  return guest.evaluate(async (wanted) => {
    for (const connection of window.callboxProbe.connections) {
      if (connection.signalingState === 'closed') continue;
      const ports = new Set<number>();
      (await window.callboxProbe.statisticsOf(connection)).forEach((stats: Record<string, unknown>) => {
        const { type, protocol, port: found } = stats;
        if (type === 'local-candidate' && protocol === 'udp' && typeof found === 'number') ports.add(found);
      });
      if (ports.has(wanted)) return [...ports];
    }
    return [];
  }, port);
}
