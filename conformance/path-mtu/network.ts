import { spawnSync } from 'node:child_process';

/** Three network namespaces in a line: the server's, a router's, and one behind it that only short packets reach. */
export interface NarrowNetwork {
  /** Commands that run another one there. */
  readonly onServer: readonly string[];
  readonly onRouter: readonly string[];
  readonly behind: readonly string[];
  readonly remove: () => void;
}

export const SERVER_IP = '10.72.0.1';
/** The router, and whoever is on the server's side of it. */
export const NEAR_IP = '10.72.0.2';
/** Whoever is behind it. */
export const FAR_IP = '10.73.0.2';
const ROUTER_FAR_IP = '10.73.0.1';
/** The least that IPv6 asks of a link; tunnels and mobile networks have such. */
export const NARROW_MTU = 1280;

/** Makes them. @throws where this process may not. */
export function createNarrowNetwork(): NarrowNetwork {
  const [server, router, far] = ['s', 'r', 'f'].map((letter) => `callbox-mtu-${letter}-${process.pid}`) as [
    string,
    string,
    string,
  ];
  const remove = (): void => {
    for (const name of [server, router, far]) spawnSync('ip', ['netns', 'delete', name]);
  };
  try {
    for (const name of [server, router, far]) {
      ip('netns', 'add', name);
      ip('-n', name, 'link', 'set', 'lo', 'up');
    }
    ip('-n', server, 'link', 'add', 'wide', 'type', 'veth', 'peer', 'name', 'wide', 'netns', router);
    ip('-n', router, 'link', 'add', 'narrow', 'type', 'veth', 'peer', 'name', 'narrow', 'netns', far);
    ip('-n', server, 'address', 'add', `${SERVER_IP}/24`, 'dev', 'wide');
    ip('-n', router, 'address', 'add', `${NEAR_IP}/24`, 'dev', 'wide');
    ip('-n', router, 'address', 'add', `${ROUTER_FAR_IP}/24`, 'dev', 'narrow');
    ip('-n', far, 'address', 'add', `${FAR_IP}/24`, 'dev', 'narrow');
    for (const name of [router, far]) ip('-n', name, 'link', 'set', 'narrow', 'mtu', String(NARROW_MTU));
    for (const name of [server, router]) ip('-n', name, 'link', 'set', 'wide', 'up');
    for (const name of [router, far]) ip('-n', name, 'link', 'set', 'narrow', 'up');
    ip('-n', server, 'route', 'add', '10.73.0.0/24', 'via', NEAR_IP);
    ip('-n', far, 'route', 'add', '10.72.0.0/24', 'via', ROUTER_FAR_IP);
    ip('netns', 'exec', router, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
    // Else the kernel says so once a second only, to anybody.
    ip('netns', 'exec', router, 'sysctl', '-q', '-w', 'net.ipv4.icmp_ratelimit=0');
  } catch (error) {
    remove();
    throw error;
  }
  const inside = (name: string): readonly string[] => ['ip', 'netns', 'exec', name];
  return { onServer: inside(server), onRouter: inside(router), behind: inside(far), remove };
}

function ip(...parameters: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${parameters.join(' ')}: ${stderr}`);
}
