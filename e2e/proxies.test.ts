import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { gatherRelays } from './media/gather-relays.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { isIsolated, machineAddress, machineName } from './networks/isolation.ts';
import { findFreePort } from './program/free-port.ts';
import type { Program } from './program/start-program.ts';
import { hasProxies, startCaddy, startNginx, type ProxyOptions } from './program/start-proxy.ts';
import { createTestAuthority, type CertifiedKey } from './program/test-authority.ts';
import { test, type Stage } from './stage.ts';

let trustedAuthority: string;
let certificate: CertifiedKey;

beforeAll(async () => {
  const authority = await createTestAuthority();
  trustedAuthority = authority.pem;
  certificate = await authority.certify([machineName], []);
});

/** The proxy listens on a port of its own, which the pages' links and the relay's addresses must name. */
async function chooseProxy(stage: Stage): Promise<Pick<ProxyOptions, 'certificate' | 'port'>> {
  const port = await findFreePort();
  // Programs are known to the stage, proxies are not.
  stage.expectProblem(new RegExp(`asked a stranger: (?:https|wss)://${machineName}:${port}/`));
  return { port, certificate };
}

/** Two enter a room at this address, and see and hear each other. */
async function callAt(stage: Stage, base: string, query = ''): Promise<Guest> {
  const ana = await stage.invite('chromium', 'Ana', { trustedAuthority });
  const ben = await stage.invite('chromium', 'Ben', { trustedAuthority });
  await enterCall(ana, `${base}r/proxied${query}`, 'Ana');
  await enterCall(ben, `${base}r/proxied${query}`, 'Ben');
  await expectEveryoneSeesAndHears([ana, ben]);
  return ana;
}

/** The ICE servers' URLs that this guest was given, once each was seen to give a relay. */
async function workingRelays(guest: Guest): Promise<readonly string[]> {
  const trials = await gatherRelays(guest);
  expect(trials.filter(({ relays }) => relays === 0)).toEqual([]);
  return trials.map(({ url }) => url);
}

/** Pages and signaling through a proxy that understands HTTP only, under a path. */
async function expectPagesUnderPath(stage: Stage, base: string, program: Program): Promise<void> {
  const ana = await callAt(stage, base, '?transport=relay');
  expect(await workingRelays(ana)).toEqual([
    `turn:${machineName}:${program.turnPort}?transport=udp`,
    `turn:${machineName}:${program.turnPort}?transport=tcp`,
  ]);
  const sockets = ana.requests.filter((url) => new URL(url).pathname.endsWith('/signaling/'));
  expect(sockets.length).toBeGreaterThan(0);
  for (const url of sockets) expect(url).toMatch(`${base.replace('https:', 'wss:')}signaling/`);
}

/** Asks, as this guest of the proxy's, for ICE servers to try a call with, many times; returns the answers' statuses. */
async function askOften(guest: Guest, base: string, forgedFor: string | null): Promise<readonly number[]> {
  return guest.evaluate(
    async ([address, forged]) => {
      const statuses: number[] = [];
      for (let count = 0; count < 12; count += 1) {
        const headers =
          forged === null ? {} : { 'X-Forwarded-For': `198.51.100.${count}`, Forwarded: forged };
        statuses.push((await fetch(`${address}check/ice-servers`, { headers })).status);
      }
      return statuses;
    },
    [base, forgedFor] as const,
  );
}

const underPath = ['--http-only', '--trusted-proxy', '127.0.0.1', '--base-path', '/calls/'];

describe.runIf(isIsolated && (hasProxies() || process.env['CI'] === 'true'))('behind a proxy', () => {
  test('nginx ends HTTPS and passes pages on under a path', async ({ stage }) => {
    const program = await stage.startProgram({ flags: underPath });
    const proxy = await chooseProxy(stage);
    const replace = { '443 ssl': `${proxy.port} ssl`, '127.0.0.1:8080': `127.0.0.1:${program.port}` };
    await startNginx(['pages.conf'], { ...proxy, replace });
    await expectPagesUnderPath(stage, `https://${machineName}:${proxy.port}/calls/`, program);
  });

  test('Caddy ends HTTPS and passes pages on under a path', async ({ stage }) => {
    const program = await stage.startProgram({ flags: underPath });
    const proxy = await chooseProxy(stage);
    const replace = {
      'calls.example {': `calls.example:${proxy.port} {`,
      '127.0.0.1:8080': `127.0.0.1:${program.port}`,
    };
    await startCaddy({ ...proxy, replace });
    await expectPagesUnderPath(stage, `https://${machineName}:${proxy.port}/calls/`, program);
  });

  test('a guest cannot choose an address by a header of theirs', async ({ stage }) => {
    const program = await stage.startProgram({ flags: underPath });
    const proxy = await chooseProxy(stage);
    const replace = { '443 ssl': `${proxy.port} ssl`, '127.0.0.1:8080': `127.0.0.1:${program.port}` };
    await startNginx(['pages.conf'], { ...proxy, replace });
    const base = `https://${machineName}:${proxy.port}/calls/`;
    stage.expectProblem(/429/);
    const ana = await stage.invite('chromium', 'Ana', { trustedAuthority });
    await ana.open(base);
    expect((await askOften(ana, base, 'for=203.0.113.7')).filter((status) => status === 429).length).toBe(6);
  });

  test('nginx passes the whole port on: pages, and the relay over TCP and TLS', async ({ stage }) => {
    // The program is asked for its health from 127.0.0.1, by one who is no proxy.
    const flags = ['--trusted-proxy', machineAddress, '--proxy-protocol', 'port'];
    const program = await stage.startProgram({ certificate, flags });
    const proxy = await chooseProxy(stage);
    const replace = { '443;': `${proxy.port};`, '127.0.0.1:8080': `${machineAddress}:${program.port}` };
    await startNginx(['one-port.conf'], { ...proxy, replace });
    const ana = await callAt(stage, `https://${machineName}:${proxy.port}/`, '?transport=relay');
    expect(await workingRelays(ana)).toEqual([
      `turn:${machineName}:${program.turnPort}?transport=udp`,
      `turn:${machineName}:${proxy.port}?transport=tcp`,
      `turns:${machineName}:${proxy.port}?transport=tcp`,
    ]);
    expect(await mappedAddressAt(proxy.port, '127.0.0.1')).toBe('127.0.0.1');
  });

  test('nginx tells TLS from TURN on one port', async ({ stage }) => {
    const proxy = await chooseProxy(stage);
    const program = await stage.startProgram({
      flags: ({ turnPort }) =>
        [
          '--http-only --trusted-proxy 127.0.0.1 --proxy-protocol turn-port',
          `--turn-url turn:${machineName}:${turnPort}?transport=udp`,
          `--turn-url turn:${machineName}:${proxy.port}?transport=tcp`,
        ].flatMap((part) => part.split(' ')),
    });
    const inner = await findFreePort();
    const replace = {
      '443;': `${proxy.port};`,
      '127.0.0.1:8444': `127.0.0.1:${inner}`,
      '127.0.0.1:3478': `127.0.0.1:${program.turnPort}`,
      '127.0.0.1:8080': `127.0.0.1:${program.port}`,
    };
    await startNginx(['split-stream.conf', 'split-pages.conf'], { ...proxy, replace });
    const ana = await callAt(stage, `https://${machineName}:${proxy.port}/`, '?transport=relay');
    expect(await workingRelays(ana)).toHaveLength(2);
    expect(await mappedAddressAt(proxy.port, machineAddress)).toBe(machineAddress);
  });
});

/** The address that the relay behind this port sees us at: it is ours, and not the proxy's, only if the proxy told it. */
async function mappedAddressAt(port: number, host: string): Promise<string> {
  const socket = connect({ port, host });
  // A STUN Binding request (RFC 8489 §5) without attributes.
  socket.write(Buffer.from('000100002112a4420102030405060708090a0b0c', 'hex'));
  const [reply] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  // XOR-MAPPED-ADDRESS (RFC 8489 §14.2), which is the first attribute of our answer: type, length, family, port, address.
  expect(reply.readUInt16BE(20)).toBe(0x0020);
  const cookie = [0x21, 0x12, 0xa4, 0x42];
  return [...reply.subarray(28, 32)].map((octet, index) => octet ^ (cookie[index] ?? 0)).join('.');
}
