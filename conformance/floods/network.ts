import { spawnSync } from 'node:child_process';

/** Two network namespaces with a cable between: the server's, and everybody else's. */
export interface FloodNetwork {
  /** A command that runs another one on the server's side. */
  readonly onServer: readonly string[];
  readonly outside: readonly string[];
  readonly remove: () => void;
}

/** The name of each of its ends. */
export const CABLE = 'cable';
/** The hardware addresses of its ends; set, so that frames can be written by hand. */
export const SERVER_MAC = '02:00:00:00:00:01';
export const OUTSIDE_MAC = '02:00:00:00:00:02';

export const SERVER_IP = '10.70.0.1';
/** Of the call whose packets are counted. */
export const CALLER_IP = '10.70.0.2';
/** Whom it talks to. */
export const PEER_IP = '10.70.0.3';
/** Forged sources lie in here: nobody is there, and answers to them end in the outside's routing. */
export const FORGED_NETWORK = '10.71.0.0/16';

/** Makes both. @throws where this process may not; `findObstacle` says so before. */
export function createFloodNetwork(): FloodNetwork {
  const server = `callbox-s-${process.pid}`;
  const outside = `callbox-o-${process.pid}`;
  const remove = (): void => {
    for (const name of [server, outside]) spawnSync('ip', ['netns', 'delete', name]);
  };
  try {
    for (const name of [server, outside]) {
      ip('netns', 'add', name);
      ip('-n', name, 'link', 'set', 'lo', 'up');
    }
    const ends = [
      CABLE,
      'address',
      SERVER_MAC,
      'type',
      'veth',
      'peer',
      'name',
      CABLE,
      'address',
      OUTSIDE_MAC,
    ];
    ip('-n', server, 'link', 'add', ...ends, 'netns', outside);
    ip('-n', server, 'address', 'add', `${SERVER_IP}/24`, 'dev', CABLE);
    for (const address of [CALLER_IP, PEER_IP])
      ip('-n', outside, 'address', 'add', `${address}/24`, 'dev', CABLE);
    for (const name of [server, outside]) ip('-n', name, 'link', 'set', CABLE, 'up');
    ip('-n', server, 'route', 'add', FORGED_NETWORK, 'via', CALLER_IP);
  } catch (error) {
    remove();
    throw error;
  }
  const inside = (name: string): readonly string[] => ['ip', 'netns', 'exec', name];
  return { onServer: inside(server), outside: inside(outside), remove };
}

/** What is in the way of a flood here, or `undefined`. */
export function findObstacle(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'namespaces need Linux and root';
  const name = `callbox-probe-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  spawnSync('ip', ['netns', 'delete', name]);
  if (made.status !== 0) return `no network namespace can be made: ${made.stderr ?? 'iproute2 is missing'}`;
  return spawnSync('taskset', ['-c', '0,1', 'true']).status === 0
    ? undefined
    : 'two cores and taskset are needed';
}

function ip(...parameters: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${parameters.join(' ')}: ${stderr}`);
}
