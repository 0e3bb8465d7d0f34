import { describe, expect, test } from 'vitest';
import { createOwnAddresses } from '../policy/own-addresses.ts';
import type { BoundListener, DataPlane } from '../plane/data-plane.ts';
import { at, ip } from '../testing/addresses.ts';
import { ListenError } from '../transport/listen-error.ts';
import { UdpDoor } from './udp-door.ts';
import { formatIpAddress, type TransportAddress } from '@callbox/stun';

interface Scene {
  readonly door: UdpDoor;
  /** What the plane has bound. */
  readonly bound: Map<number, string>;
  /** Listeners some client of which has a relay. */
  readonly inUse: Set<number>;
  /** Addresses that cannot be bound, and why. */
  readonly broken: Map<string, string>;
  readonly warnings: string[];
  machine: string[];
  addresses: () => readonly string[];
  readonly own: ReturnType<typeof createOwnAddresses>;
}

function open(machine: readonly string[]): Scene {
  const bound = new Map<number, string>();
  const inUse = new Set<number>();
  const broken = new Map<string, string>();
  const warnings: string[] = [];
  let nextId = 0;
  const plane: Pick<DataPlane, 'listen' | 'retire'> = {
    listen: (local: TransportAddress): Promise<BoundListener> => {
      const address = formatIpAddress(local.address);
      const code = broken.get(address);
      if (code !== undefined) {
        const cause = Object.assign(new Error(code), { code });
        return Promise.reject(new ListenError({ transport: 'udp', address, port: local.port }, cause));
      }
      const id = nextId;
      nextId += 1;
      const port = local.port === 0 ? 5000 : local.port;
      bound.set(id, `${address} ${port}`);
      return Promise.resolve({ id, local: { ...local, port } });
    },
    retire: (id) => {
      if (inUse.has(id)) return Promise.resolve(false);
      bound.delete(id);
      return Promise.resolve(true);
    },
  };
  const ignore = (): void => undefined;
  const own = createOwnAddresses({ relay: [], machine: [], servicePorts: new Set() });
  const scene: Scene = {
    bound,
    inUse,
    broken,
    warnings,
    own,
    machine: [...machine],
    door: new UdpDoor({
      plane: plane as DataPlane,
      own,
      logger: {
        error: ignore,
        info: ignore,
        debug: ignore,
        warn: (_message, details) => void warnings.push(String(details?.['reason'])),
      },
      machineAddresses: () => scene.machine.map(ip),
    }),
    addresses: () => scene.door.listeners().map(({ address }) => address),
  };
  return scene;
}

const ALL = { transport: 'udp', address: '0.0.0.0', port: 0, ip: ip('0.0.0.0') } as const;

describe('the door for clients on UDP', () => {
  test('is at one address where it is told which, whatever comes and goes', async () => {
    const scene = open(['10.0.0.1']);
    await scene.door.listen({ transport: 'udp', address: '10.0.0.1', port: 3478, ip: at('10.0.0.1', 0) });
    scene.machine = ['10.0.0.2'];
    await scene.door.follow();
    expect([...scene.bound.values()]).toEqual(['10.0.0.1 3478']);
  });

  test('is at every address of the family, on one port, and follows them', async () => {
    const scene = open(['127.0.0.1', '10.0.0.1', '::1']);
    await scene.door.listen(ALL);
    expect([...scene.bound.values()]).toEqual(['127.0.0.1 5000', '10.0.0.1 5000']);
    scene.machine = ['127.0.0.1', '10.0.0.2'];
    await scene.door.follow();
    expect([...scene.bound.values()]).toEqual(['127.0.0.1 5000', '10.0.0.2 5000']);
    expect(scene.addresses()).toEqual(['127.0.0.1', '10.0.0.2']);
    await scene.door.follow();
    expect(scene.bound.size).toBe(2);
    expect(scene.own.ownerOf(ip('10.0.0.2'))).toBe('machine');
  });

  test('stays at a lost address while somebody has an allocation there', async () => {
    const scene = open(['127.0.0.1', '10.0.0.1']);
    await scene.door.listen(ALL);
    scene.inUse.add(1);
    scene.machine = ['127.0.0.1'];
    await scene.door.follow();
    expect(scene.addresses()).toEqual(['127.0.0.1', '10.0.0.1']);
    scene.machine = ['127.0.0.1', '10.0.0.1'];
    await scene.door.follow();
    expect(scene.bound.size).toBe(2);
    scene.machine = ['127.0.0.1'];
    scene.inUse.clear();
    await scene.door.follow();
    expect(scene.addresses()).toEqual(['127.0.0.1']);
  });

  test('forgives an address that is not there yet, says so once, and tries again', async () => {
    const scene = open(['127.0.0.1', '10.0.0.1']);
    scene.broken.set('10.0.0.1', 'EADDRNOTAVAIL');
    await scene.door.listen(ALL);
    await scene.door.follow();
    await scene.door.follow();
    expect(scene.addresses()).toEqual(['127.0.0.1']);
    expect(scene.warnings).toEqual(['cannot listen on udp 10.0.0.1 port 5000: EADDRNOTAVAIL']);
    scene.broken.clear();
    await scene.door.follow();
    expect(scene.addresses()).toEqual(['127.0.0.1', '10.0.0.1']);
  });

  test('does not open where another program has the port, later on goes without', async () => {
    const scene = open(['127.0.0.1']);
    scene.broken.set('127.0.0.1', 'EADDRINUSE');
    await expect(scene.door.listen(ALL)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    scene.broken.clear();
    await scene.door.listen(ALL);
    scene.machine = ['127.0.0.1', '10.0.0.9'];
    scene.broken.set('10.0.0.9', 'EADDRINUSE');
    await scene.door.follow();
    expect(scene.addresses()).toEqual(['127.0.0.1']);
    expect(scene.warnings).toHaveLength(1);
  });

  test('does not open without an address', async () => {
    await expect(open(['::1']).door.listen(ALL)).rejects.toMatchObject({ name: 'ListenError' });
  });

  test('binds nothing and lets nothing go any more when it is closed', async () => {
    const scene = open(['127.0.0.1', '10.0.0.1']);
    await scene.door.listen(ALL);
    scene.door.close();
    scene.machine = ['127.0.0.1', '10.0.0.2'];
    await scene.door.follow();
    // The plane closes its sockets by itself: what is closed twice would throw.
    expect([...scene.bound.values()]).toEqual(['127.0.0.1 5000', '10.0.0.1 5000']);
  });

  test('changes nothing when the system does not tell which addresses there are', async () => {
    const scene = open(['127.0.0.1', '10.0.0.1']);
    await scene.door.listen(ALL);
    scene.machine = ['no address'];
    await scene.door.follow();
    expect(scene.bound.size).toBe(2);
  });
});
