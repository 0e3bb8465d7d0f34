import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { probeRelay } from '@callbox/turn';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { openDataDirectory } from '../data-directory.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { createRelay, type Relay } from './create-relay.ts';
import { loadTurnSecrets } from './load-turn-secrets.ts';

const home = { loopback: ['127.0.0.1'], network: ['127.0.0.3'] };
const office = { loopback: ['127.0.0.1'], network: ['127.0.0.4'] };

async function findFreePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

interface Started {
  readonly relay: Relay;
  readonly logged: unknown[];
  /** The address that a newcomer is given, and reached at by another. */
  readonly giveAddress: () => Promise<string>;
}

async function start(publicAddresses: readonly string[]): Promise<Started> {
  const port = await findFreePort();
  const command = await loadConfig(['--turn-port', String(port), '--turn-user', 'me:secret'], {});
  if (command.wants !== 'start') throw new Error(`wants ${command.wants}`);
  const directory = await openDataDirectory(await makeTemporaryDirectory());
  const logged: unknown[] = [];
  const log = (message: string, details?: object): void => {
    if (/another address/.test(message)) logged.push(details);
  };
  const relay = await createRelay({
    config: command.config,
    secrets: await loadTurnSecrets(directory),
    local: home,
    publicAddresses,
    directory,
    onOpenChange: () => {},
    logger: { error: log, warn: log, info: log, debug: log },
  });
  await relay.server.start();
  onTestFinished(() => relay.stop());
  const door = { transport: 'udp', host: '127.0.0.1', port } as const;
  return {
    relay,
    logged,
    giveAddress: async () => {
      const probe = await probeRelay({ ...door, username: 'me', password: 'secret' });
      if (!probe.ok) throw new Error(`${probe.step}: ${probe.reason}`);
      return probe.relayedAddress;
    },
  };
}

test('newcomers are given the address that the machine has by now, and the operator is told once', async () => {
  const { relay, logged, giveAddress } = await start(['198.51.100.7']);
  expect(await giveAddress()).toBe('198.51.100.7');
  relay.follow(home, ['198.51.100.8']);
  relay.follow(home, ['198.51.100.8']);
  expect(await giveAddress()).toBe('198.51.100.8');
  relay.follow(office, []);
  expect(await giveAddress()).toBe('127.0.0.4');
  expect(logged).toEqual([
    { before: ['198.51.100.7'], now: ['198.51.100.8'] },
    { before: ['198.51.100.8'], now: ['127.0.0.4'] },
  ]);
});

test('a machine that has no network for a while keeps the address that it had', async () => {
  const { relay, logged, giveAddress } = await start(['198.51.100.7']);
  relay.follow({ loopback: ['127.0.0.1'], network: [] }, []);
  expect([await giveAddress(), logged]).toEqual(['198.51.100.7', []]);
});
