import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findFreePort } from '../../e2e/program/free-port.ts';
import { buildProgram } from '../build-program.ts';
import { createSignalingClient, opened } from '../signaling/signaling-client.ts';
import { findProgram } from '../turn/servers/find-program.ts';
import { dial, look } from './look.ts';
import { startCallbox, type Callbox, type CallboxSettings } from './start-callbox.ts';
import { startPebble, type Pebble } from './start-pebble.ts';
import { startShim, type Shim } from './start-shim.ts';

const name = 'calls.example';
/** RFC 8489 §5: a Binding request without attributes. */
const bindingRequest = Buffer.from('000100002112a4420102030405060708090a0b0c', 'hex');
const dayMs = 24 * 60 * 60 * 1000;

const isInstalled = findProgram('pebble') !== undefined;
const isMandatory = process.env['CI'] === 'true';
if (!isInstalled && !isMandatory) {
  process.stderr.write('\nSKIPPED: pebble is not installed (Debian’s package pebble): no ACME\n\n');
}
test.runIf(isMandatory)('pebble is installed', () => {
  expect(isInstalled).toBe(true);
});

let ports: { readonly port: number; readonly httpPort: number };
let pebble: Pebble;

beforeAll(buildProgram, 120_000);

beforeEach(async () => {
  if (!isInstalled) return;
  ports = { port: await findFreePort(), httpPort: await findFreePort() };
  pebble = await startPebble({ tlsPort: ports.port, httpPort: ports.httpPort });
  onTestFinished(() => pebble.stop());
});

async function start(flags: readonly string[], settings: Partial<CallboxSettings> = {}): Promise<Callbox> {
  const { directoryUrl, caFile } = pebble;
  const callbox = await startCallbox({ ...ports, directoryUrl, caFile, flags, ...settings });
  onTestFinished(() => callbox.stop());
  return callbox;
}

async function shimmed(): Promise<Shim> {
  const shim = await startShim(pebble);
  onTestFinished(() => shim.stop());
  return shim;
}

/** How long the program has to say something, in milliseconds. */
const patience = { timeout: 60_000, interval: 50 };
// Each starts an authority and the program, some of them twice, and on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

describe.runIf(isInstalled)('a certificate from an authority', () => {
  test('for a name is proven on the one port, and its root vouches for it', async () => {
    const callbox = await start(['--domain', name], { httpPort: 'off' });
    await expect.poll(callbox.output, patience).toMatch(/obtained.*"provenBy":"tls-alpn-01"/);
    expect(callbox.output()).toMatch(/Agreeing to the terms of service of localhost: data:text\/plain/);
    const { subjectaltname } = await look(callbox.port, name, await pebble.root());
    expect(subjectaltname).toBe(`DNS:${name}`);
  });

  test('for a name is proven on the port of plain HTTP where the other way is closed', async () => {
    // The authority looks where nobody listens; the pages are elsewhere.
    const callbox = await start(['--domain', name], { port: await findFreePort() });
    await expect.poll(callbox.output, patience).toMatch(/obtained.*"provenBy":"http-01"/);
    await look(callbox.port, name, await pebble.root());
  });

  test('stands for every name and address that is asked for', async () => {
    const flags = `--domain ${name} --domain www.${name} --acme --public-address 127.0.0.1`;
    const callbox = await start(flags.split(' '));
    await expect.poll(callbox.output, patience).toMatch('obtained');
    const { subjectaltname } = await look(callbox.port, name, await pebble.root());
    expect(subjectaltname?.split(', ').toSorted()).toEqual([
      'DNS:calls.example',
      'DNS:www.calls.example',
      'IP Address:127.0.0.1',
    ]);
  });

  test.each([
    ['tls-alpn-01', { httpPort: 'off' as const }],
    ['http-01', undefined],
  ])('for an address alone is proven by %s', async (way, settings) => {
    const callbox = await start(
      ['--acme', '--public-address', '127.0.0.1'],
      settings ?? { port: await findFreePort() },
    );
    await expect.poll(callbox.output, patience).toMatch(new RegExp(`obtained.*"provenBy":"${way}"`));
    const { subjectaltname } = await look(callbox.port, undefined, await pebble.root());
    expect(subjectaltname).toBe('IP Address:127.0.0.1');
  });

  test('is kept over a restart along with account and key, for their owner only', async () => {
    const first = await start(['--domain', name]);
    await expect.poll(first.output, patience).toMatch('obtained');
    const { serialNumber } = await look(first.port, name);
    await first.end();
    for (const file of ['acme-account-key.pem', 'acme-certificate.pem']) {
      expect((await stat(join(first.dataDirectory, file))).mode & 0o777).toBe(0o600);
    }
    await pebble.stop();
    const { dataDirectory, port } = first;
    const { directoryUrl, caFile } = pebble;
    const flags = ['--domain', name];
    const again = await startCallbox({ ...ports, port, directoryUrl, caFile, flags, dataDirectory });
    onTestFinished(() => again.end());
    expect((await look(port, name)).serialNumber).toBe(serialNumber);
    expect(again.output()).not.toContain('Asking');
  });
});

describe.runIf(isInstalled)('an authority that offers kinds of certificates, and says when to renew', () => {
  test('is asked for the short-lived kind for an address, and for none in particular for a name', async () => {
    const shim = await shimmed();
    const { directoryUrl, caFile } = shim;
    const byAddress = await start(['--acme', '--public-address', '127.0.0.1'], { directoryUrl, caFile });
    await expect.poll(byAddress.output, patience).toMatch('obtained');
    await byAddress.end();
    const byName = await start(['--domain', name], { directoryUrl, caFile });
    await expect.poll(byName.output, patience).toMatch('obtained');
    expect(shim.orders).toEqual([
      { identifiers: [{ type: 'ip', value: '127.0.0.1' }], profile: 'shortlived' },
      { identifiers: [{ type: 'dns', value: name }] },
    ]);
  });

  test('has its hint followed while sockets and a relay’s stream go on, and hears what was replaced', async () => {
    const shim = await shimmed();
    const { directoryUrl, caFile } = shim;
    const callbox = await start(['--domain', name], { directoryUrl, caFile });
    await expect.poll(callbox.output, patience).toMatch('obtained');
    const before = await look(callbox.port, name, await pebble.root());

    const { socket } = createSignalingClient(`https://127.0.0.1:${callbox.port}`, {
      rejectUnauthorized: false,
    });
    onTestFinished(() => void socket.close());
    await opened(socket);
    let interruptions = 0;
    socket.on('disconnect', () => (interruptions += 1));
    const stream = await dial(callbox.port, name);
    const ownStream = await dial(callbox.turnPort, name);
    const isAnswered = async (relay: typeof stream): Promise<boolean> => {
      relay.write(bindingRequest);
      const [answer] = (await once(relay, 'data')) as [Buffer];
      return answer.readUInt16BE(0) === 0x0101;
    };
    expect([await isAnswered(stream), await isAnswered(ownStream)]).toEqual([true, true]);

    shim.window = { start: new Date(Date.now() - 2 * dayMs), end: new Date(Date.now() - dayMs) };
    await expect
      .poll(async () => (await look(callbox.port, name)).serialNumber, { timeout: 60_000, interval: 200 })
      .not.toBe(before.serialNumber);
    expect((await look(callbox.turnPort, name)).serialNumber).not.toBe(before.serialNumber);

    expect([await isAnswered(stream), await isAnswered(ownStream)]).toEqual([true, true]);
    expect(socket.connected).toBe(true);
    expect(interruptions).toBe(0);
    const [certificateName] = shim.asked;
    expect(certificateName).toMatch(/^[\w-]+\.[\w-]+$/);
    const serial = Buffer.from(certificateName?.split('.')[1] ?? '', 'base64url').toString('hex');
    expect(serial.replace(/^00/, '').toUpperCase()).toBe(
      before.serialNumber.padStart(serial.length & ~1, '0').replace(/^00/, ''),
    );
    expect(shim.orders[1]).toEqual({
      identifiers: [{ type: 'dns', value: name }],
      replaces: certificateName,
    });
  });

  test('that has had enough is left alone for as long as it says, also after a restart', async () => {
    const shim = await shimmed();
    shim.refusal = {
      status: 429,
      body: { type: 'urn:ietf:params:acme:error:rateLimited', detail: 'too many certificates' },
      headers: { 'Retry-After': '7200' },
    };
    const { directoryUrl, caFile } = shim;
    const first = await start(['--domain', name], { directoryUrl, caFile });
    await expect
      .poll(first.output, patience)
      .toMatch(/was asked too often of late .*too many certificates.*Next attempt in (?:2|3) h/);
    await first.end();
    const { dataDirectory } = first;
    const again = await startCallbox({
      ...ports,
      directoryUrl,
      caFile,
      flags: ['--domain', name],
      dataDirectory,
    });
    onTestFinished(() => again.end());
    await expect.poll(again.output, patience).toMatch(/the last attempt failed\. Next attempt in/);
    expect(shim.orders).toHaveLength(1);
  });
});

describe.runIf(isInstalled)('an authority that makes accounts for known customers only', () => {
  const key = Buffer.alloc(32, 7).toString('base64url');

  test('knows who comes with its name and key, and tells others what is missing', async () => {
    const choosy = await startPebble({
      tlsPort: ports.port,
      httpPort: ports.httpPort,
      customers: { me: key },
    });
    onTestFinished(() => choosy.stop());
    const { directoryUrl, caFile } = choosy;
    const flags = ['--domain', name];
    const stranger = await start(flags, { directoryUrl, caFile });
    await expect
      .poll(stranger.output, patience)
      .toMatch(/serves known customers only: give what it knows you by with --acme-eab-kid/);
    await stranger.end();
    const customer = await start([...flags, '--acme-eab-kid', 'me', '--acme-eab-key', key], {
      directoryUrl,
      caFile,
    });
    await expect.poll(customer.output, patience).toMatch('obtained');
    await look(customer.port, name, await choosy.root());
    expect(customer.output()).not.toContain(key);
  });
});

describe.runIf(isInstalled)('without a certificate', () => {
  async function expectOwnMaking(callbox: Callbox): Promise<void> {
    expect((await look(callbox.port, name)).issuer.CN).toMatch(/^Callbox on /);
    const response = await fetch(`http://127.0.0.1:${callbox.port}/healthz`);
    expect(response.status).toBe(200);
  }

  test('from an authority that is down, the one of its own making serves, and the program says so', async () => {
    await pebble.stop();
    const callbox = await start(['--domain', name]);
    await expect
      .poll(callbox.output, patience)
      .toMatch(
        /No certificate for calls\.example: localhost does not answer \(ECONNREFUSED\)\. Next attempt in 1 min/,
      );
    await expectOwnMaking(callbox);
  });

  test('for a name whose ports are closed, it says which ports to open', async () => {
    // The authority looks where nobody listens.
    const callbox = await start(['--domain', name], { port: await findFreePort(), httpPort: 'off' });
    await expect
      .poll(callbox.output, patience)
      .toMatch(/reached calls\.example neither on TCP port 443 nor on 80: open one of them to the internet/);
    await expectOwnMaking(callbox);
  });

  test('for a name that points to another server, it says so', async () => {
    const other = createServer((_request, response) => response.writeHead(404).end('not here'));
    other.listen(ports.httpPort, '127.0.0.2');
    await once(other, 'listening');
    const silent = createTcpServer((socket) => socket.destroy()).listen(ports.port, '127.0.0.2');
    await once(silent, 'listening');
    onTestFinished(() => {
      other.close();
      silent.close();
    });
    await pebble.point(name, '127.0.0.2');
    const callbox = await start(['--domain', name]);
    await expect
      .poll(callbox.output, patience)
      .toMatch(/another server than this one answered for calls\.example: does the name point/);
    await expectOwnMaking(callbox);
  });

  test('asked for, it asks nobody', async () => {
    const { directoryUrl, caFile } = await shimmed();
    const callbox = await start([], { directoryUrl, caFile });
    expect(callbox.output()).not.toMatch(/Asking|certificate is being asked/);
    await expectOwnMaking(callbox);
  });
});
