import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFaultyCertificate } from '../packages/callbox/src/doctor/testing/faulty-certificate.ts';
import { createInternet, type Host, type Internet } from './networks/internet/create-internet.ts';
import { isIsolated } from './networks/isolation.ts';
import { until } from './until.ts';

// Faults of networks and machines, put into the built program on the test internet, and what callbox doctor says of them.
// Those that take neither root nor a network are beside the doctor.

const run = promisify(execFile);
const main = join(import.meta.dirname, '../packages/callbox/dist/main.js');
const name = 'calls.example';
const url = `https://${name}`;

describe.runIf(isIsolated)('callbox doctor', () => {
  let internet: Internet;
  /** On the public segment, with a name. */
  let server: Host;
  /** Elsewhere on the public segment. */
  let visitor: Host;
  /** In a cloud: a private address, a public one that is mapped to it, and no way back from inside. */
  let cloud: Host;
  /** At home, with the ports of its router forwarded to it. */
  let home: Host;
  let folder: string;
  let authority: string;
  let children: ChildProcess[];
  let cleanUps: (() => Promise<unknown>)[];

  beforeAll(async () => {
    internet = await createInternet({
      names: [
        { name, host: 'server' },
        { name: 'cloud.example', host: 'cloud' },
        { name: 'home.example', host: 'home' },
      ],
      sites: [
        { hosts: ['server'], translation: 'none', families: ['ipv4'] },
        { hosts: ['visitor'], translation: 'none', families: ['ipv4'] },
        { hosts: ['cloud'], translation: 'one-to-one', families: ['ipv4'] },
        { hosts: ['home'], translation: 'port-restricted', families: ['ipv4'], forwardedPorts: [443, 3478] },
      ],
    });
    server = internet.host('server');
    visitor = internet.host('visitor');
    cloud = internet.host('cloud');
    home = internet.host('home');
  });
  afterAll(() => internet.close());

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callbox-doctor-'));
    // For the one test whose doctor is not root.
    await chmod(folder, 0o755);
    children = [];
    cleanUps = [];
  });
  afterEach(async () => {
    for (const child of children) {
      child.kill('SIGCONT');
      if (child.exitCode === null && child.kill('SIGINT')) await once(child, 'exit');
    }
    for (const cleanUp of cleanUps) await cleanUp();
    await rm(folder, { recursive: true });
  });

  const optionsOf = (host: Host, more: readonly string[] = []): readonly string[] => [
    '--port',
    '443',
    '--data-dir',
    join(folder, host.name),
    ...more,
  ];

  async function certify(host: string, validFromDays = -1, validToDays = 80): Promise<readonly string[]> {
    const made = await createFaultyCertificate({ name: host, validFromDays, validToDays });
    authority = join(folder, 'authority.pem');
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    await writeFile(authority, made.authority);
    await writeFile(files.cert, made.cert);
    await writeFile(files.key, made.key);
    return ['--cert', files.cert, '--key', files.key];
  }

  function spawnOn(host: Host, parameters: readonly string[], wrap: readonly string[] = []): ChildProcess {
    const [program = '', ...rest] = [...host.prefix, ...wrap, process.execPath, ...parameters];
    const child = spawn(program, rest, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
    });
    children.push(child);
    return child;
  }

  /** Starts a server on a host. @returns the options that it has. */
  async function start(host: Host, more: readonly string[] = []): Promise<readonly string[]> {
    const options = optionsOf(host, more);
    await startWith(host, options);
    return options;
  }

  async function startWith(
    host: Host,
    options: readonly string[],
    wrap: readonly string[] = [],
  ): Promise<ChildProcess> {
    const child = spawnOn(host, [main, ...options, '--log-level', 'error'], wrap);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await until('the server to run', () =>
      output.includes('Ctrl-C') ? { found: true, value: true } : { found: false, seen: output },
    );
    return child;
  }

  async function diagnose(
    host: Host,
    parameters: readonly string[],
    wrap: readonly string[] = [],
  ): Promise<readonly string[]> {
    const [program = '', ...rest] = [
      ...host.prefix,
      ...wrap,
      process.execPath,
      main,
      'doctor',
      '--json',
      ...parameters,
    ];
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: authority };
    const { stdout } = await run(program, rest, { env }).catch((error: unknown) => {
      // A failure that was found is an exit code of 1.
      if (error instanceof Error && 'stdout' in error && 'code' in error && error.code === 1) {
        return { stdout: String(error.stdout) };
      }
      throw error;
    });
    const report = JSON.parse(stdout) as { readonly findings: readonly { readonly id: string }[] };
    return report.findings.map(({ id }) => id);
  }

  /** As a firewall of the machine itself. */
  async function drop(host: Host, ...rule: readonly string[]): Promise<void> {
    await host.run('iptables', ['--append', 'INPUT', ...rule, '--jump', 'DROP']);
    cleanUps.push(() => host.run('iptables', ['--delete', 'INPUT', ...rule, '--jump', 'DROP']));
  }

  test('finds nothing the matter with a healthy server, from the machine and from elsewhere', async () => {
    const options = await start(server, await certify(name));
    expect(await diagnose(server, options)).toEqual([]);
    expect(await diagnose(server, [...options, '--url', url])).toEqual([]);
    expect(await diagnose(visitor, ['--url', url])).toEqual([]);
  });

  test('finds nothing the matter in a cloud that was told its public address, nor at home', async () => {
    await start(cloud, [...(await certify('cloud.example')), '--public-address', cloud.outerIpv4 ?? '']);
    expect(await diagnose(visitor, ['--url', 'https://cloud.example'])).toEqual([]);
    await start(home, [...(await certify('home.example')), '--public-address', home.outerIpv4 ?? '']);
    expect(await diagnose(visitor, ['--url', 'https://home.example'])).toEqual([]);
  });

  test('names UDP that a firewall before the machine blocks', async () => {
    await start(server, await certify(name));
    await internet.setFirewall('server', { kind: 'udp-blocked' });
    cleanUps.push(() => internet.setFirewall('server', { kind: 'open' }));
    expect(await diagnose(visitor, ['--url', url])).toEqual(['udp-blocked']);
  });

  test('names UDP that the machine’s own firewall blocks', async () => {
    const options = await start(server, await certify(name));
    await drop(server, '--protocol', 'udp', '--destination-port', '3478');
    expect(await diagnose(server, options)).toEqual(['relay-dead']);
    expect(await diagnose(server, [...options, '--url', url])).toEqual(['relay-dead']);
    expect(await diagnose(visitor, ['--url', url])).toEqual(['udp-blocked']);
  });

  test('names a closed port', async () => {
    await start(server, await certify(name));
    await drop(server, '--protocol', 'tcp', '--destination-port', '443');
    expect(await diagnose(visitor, ['--url', url])).toEqual(['port-closed']);
  });

  test('names a router that sends nothing back inside', async () => {
    const options = await start(cloud, ['--public-address', cloud.outerIpv4 ?? '']);
    expect(await diagnose(cloud, [...options, '--url', `https://${cloud.outerIpv4}`])).toEqual([
      'no-hairpin',
    ]);
  });

  test('names a public address that is wrong', async () => {
    await start(cloud, [...(await certify('cloud.example')), '--public-address', '60.0.99.1']);
    expect(await diagnose(visitor, ['--url', 'https://cloud.example'])).toEqual(['public-address-wrong']);
  });

  test('names a public address that the server does not know', async () => {
    await start(cloud, await certify('cloud.example'));
    expect(await diagnose(visitor, ['--url', 'https://cloud.example'])).toEqual(['public-address-unknown']);
  });

  test('names a name that leads to a private address', async () => {
    const options = await start(home, [
      ...(await certify('home.example')),
      '--public-address',
      home.outerIpv4 ?? '',
    ]);
    // The router's own name list, as every home has one.
    expect(await diagnose(home, [...options, '--url', 'https://home.example'])).toEqual(['name-private']);
  });

  test('names a name that leads to another machine', async () => {
    const options = await start(cloud, ['--public-address', cloud.outerIpv4 ?? '']);
    await start(server, await certify(name));
    expect(await diagnose(cloud, [...options, '--url', url])).toEqual(['name-elsewhere']);
  });

  test('names a certificate that nobody has renewed', async () => {
    await start(server, await certify(name, -85, 5));
    expect(await diagnose(visitor, ['--url', url])).toEqual(['certificate-ends-soon']);
  });

  test('names a port that is the administrator’s', async () => {
    const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    await certify(name);
    await chmod(authority, 0o644);
    expect(await diagnose(server, optionsOf(server), nobody)).toEqual(['port-forbidden']);
  });

  test('names datagrams that found no room', async () => {
    const options = optionsOf(server, await certify(name));
    const child = await startWith(server, options);
    const socket = await visitor.openUdp('0.0.0.0', 0);
    cleanUps.push(() => Promise.resolve(socket.close()));
    child.kill('SIGSTOP');
    const octets = Buffer.alloc(1_000);
    for (let sent = 0; sent < 40_000; sent += 1) {
      await new Promise<void>((resolve) => {
        socket.send(octets, 3478, server.ipv4 ?? '', () => resolve());
      });
    }
    child.kill('SIGCONT');
    expect(await diagnose(server, options)).toEqual(['datagrams-dropped']);
  });

  test('names a limit on files that is too low, of the server itself', async () => {
    const options = optionsOf(server, await certify(name));
    await startWith(server, options, ['prlimit', '--nofile=256']);
    expect(await diagnose(server, options)).toEqual(['few-files']);
  });

  test('names a relay that is drained', async () => {
    const options = await start(server, await certify(name));
    const [program = '', ...rest] = [...server.prefix, process.execPath, main, 'drain', ...options];
    await run(program, rest);
    expect(await diagnose(server, options)).toEqual(['relay-closed']);
  });

  /** A proxy of HTTP on the same machine that ends TLS itself and says so, with the relay's port beside it. */
  test('names a relay’s TCP port that is closed, where a proxy has the one port', async () => {
    const certificate = await certify(name);
    const trust = ['--port', '8080', '--http-only', '--trusted-proxy', '127.0.0.1'];
    await startWith(server, ['--data-dir', join(folder, 'proxied'), ...trust]);
    await runFront(server, certificate, {});
    expect(await diagnose(visitor, ['--url', url])).toEqual([]);
    await drop(server, '--in-interface', 'eth0', '--protocol', 'tcp', '--destination-port', '3478');
    expect(await diagnose(visitor, ['--url', url])).toEqual(['turn-tcp-blocked']);
  });

  test('names a front that passes the relay in the open, and nothing but pages over TLS', async () => {
    const certificate = await certify(name);
    await startWith(server, ['--data-dir', join(folder, 'fronted'), '--port', '8443', ...certificate]);
    await runFront(server, certificate, { sniffsTo: 8443 });
    expect(await diagnose(visitor, ['--url', url])).toEqual(['relay-tls-blocked']);
  });

  /** Ends TLS on port 443, for pages alone; with `sniffsTo`, what is no TLS goes on to that port as it is. */
  async function runFront(
    host: Host,
    [, cert = '', , key = '']: readonly string[],
    { sniffsTo }: { readonly sniffsTo?: number },
  ): Promise<void> {
    const script = `
      import { readFileSync } from 'node:fs';
      import { connect, createServer } from 'node:net';
      import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
      const pipe = (near, far) => {
        for (const [one, other] of [[near, far], [far, near]]) {
          one.on('error', () => other.destroy());
          one.on('close', () => other.destroy());
          one.pipe(other);
        }
      };
      const pair = { cert: readFileSync(${JSON.stringify(cert)}), key: readFileSync(${JSON.stringify(key)}) };
      const pages = createTlsServer(pair, (near) => near.once('data', (octets) => {
        if (!/^[A-Z]/.test(octets.toString('latin1', 0, 1))) return near.destroy();
        near.pause();
        ${
          sniffsTo === undefined
            ? `const far = connect(8080, '127.0.0.1');
               const headers = 'X-Forwarded-For: ' + near.remoteAddress + '\\r\\nX-Forwarded-Proto: https\\r\\n';
               far.write(octets.toString('latin1').replace('\\r\\n', '\\r\\n' + headers), 'latin1');`
            : `const far = connectTls({ port: ${sniffsTo}, host: '127.0.0.1', rejectUnauthorized: false });
               far.write(octets);`
        }
        pipe(near, far);
        near.resume();
      }));
      pages.on('tlsClientError', () => {});
      createServer((near) => near.once('data', (octets) => {
        near.pause();
        near.unshift(octets);
        if (octets[0] === 0x16) pages.emit('connection', near);
        else pipe(near, connect(${sniffsTo ?? 8080}, '127.0.0.1'));
        if (octets[0] !== 0x16) near.resume();
      })).listen(443, '0.0.0.0', () => console.log('listening'));`;
    const child = spawnOn(host, ['--input-type=module', '-e', script]);
    if (child.stdout !== null) await once(child.stdout, 'data');
  }
});
