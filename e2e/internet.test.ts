import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInternet, type Host, type Internet } from './networks/internet/create-internet.ts';
import { answerBindings, probeMapping, receive } from './networks/internet/stun-probe.ts';
import { isIsolated, machineAddress } from './networks/isolation.ts';

const STUN_PORT = 3478;
/** How long silence is waited for. Answers take less than a millisecond here. */
const SILENCE_MS = 300;

describe.runIf(isIsolated)('the test internet', () => {
  let internet: Internet;
  let server: Host;
  let other: Host;
  const closers: (() => unknown)[] = [];

  const openUdp = async (host: Host, address = host.ipv4) => {
    const socket = await host.openUdp(address ?? '', 0);
    closers.push(() => socket.close());
    return socket;
  };
  const addressOf = (host: Host) => ({ address: host.outerIpv4 ?? '', port: STUN_PORT });
  /** Says hello to whoever connects. */
  const serve = (host: Host, port: number, address: string) => {
    const script = `require('net').createServer((socket) => {
      socket.on('error', () => {});
      socket.end('hello');
    }).listen(${port}, '${address}')`;
    const [program, ...parameters] = [...host.prefix, process.execPath, '-e', script];
    const child = spawn(program, parameters, { stdio: 'inherit' });
    closers.push(() => child.kill('SIGKILL'));
  };

  beforeAll(async () => {
    internet = await createInternet({
      names: [
        { name: 'calls.example', host: 'server' },
        { name: 'inner.example', host: 'inside' },
      ],
      sites: [
        { hosts: ['server'], translation: 'none' },
        { hosts: ['other'], translation: 'none' },
        { hosts: ['home'], translation: 'port-restricted' },
        { hosts: ['mobile'], translation: 'symmetric', families: ['ipv4'] },
        { hosts: ['six'], translation: 'port-restricted', families: ['ipv6'] },
        { hosts: ['guest1', 'guest2'], translation: 'port-restricted', isolatesHosts: true },
        { hosts: ['office'], translation: 'port-restricted', proxyOnly: true },
        { hosts: ['cloud'], translation: 'one-to-one', families: ['ipv4'] },
        { hosts: ['inside', 'neighbour'], translation: 'port-restricted', forwardedPorts: [STUN_PORT] },
      ],
    });
    server = internet.host('server');
    other = internet.host('other');
    for (const host of [server, other, internet.host('cloud'), internet.host('inside')]) {
      const socket = await host.openUdp('0.0.0.0', STUN_PORT);
      closers.push(() => socket.close());
      answerBindings(socket);
    }
  });

  afterAll(async () => {
    for (const close of closers) close();
    await internet.close();
  });

  test('lets hosts on the public segment reach each other at their own addresses', async () => {
    const socket = await openUdp(other);
    expect(await probeMapping(socket, addressOf(server))).toBe(`${other.ipv4}:${socket.address().port}`);
  });

  test('maps a port behind a port-restricted router to the same one for everybody', async () => {
    const home = internet.host('home');
    const socket = await openUdp(home);
    const seen = await probeMapping(socket, addressOf(server));
    expect(seen).toBe(`${home.outerIpv4}:${socket.address().port}`);
    expect(await probeMapping(socket, addressOf(other))).toBe(seen);
  });

  test('maps a port behind a symmetric router to another one for each destination', async () => {
    const mobile = internet.host('mobile');
    const socket = await openUdp(mobile);
    const seen = await Promise.all([
      probeMapping(socket, addressOf(server)),
      probeMapping(socket, addressOf(other)),
      probeMapping(socket, addressOf(internet.host('cloud'))),
    ]);
    expect(seen.every((address) => address?.startsWith(`${mobile.outerIpv4}:`))).toBe(true);
    expect(new Set(seen).size).toBe(3);
  });

  test.for(['home', 'mobile'])('lets back in to %s only whom was sent to', async (name) => {
    const host = internet.host(name);
    const inner = await openUdp(host);
    const seen = (await probeMapping(inner, addressOf(server))) ?? '';
    const [address = '', port = ''] = seen.split(':');
    const [friend, stranger] = [await openUdp(other), await openUdp(other)];
    stranger.send('stranger', Number(port), address);
    expect(await receive(inner, SILENCE_MS, (octets) => octets.equals(Buffer.from('stranger')))).toBeNull();
    // The twin: the same packet, once the inner host has sent there, and from the port that it has sent to.
    if (name === 'mobile') return;
    inner.send('hello', friend.address().port, other.ipv4 ?? '');
    expect(await receive(friend, SILENCE_MS, () => true)).not.toBeNull();
    friend.send('friend', Number(port), address);
    expect(await receive(inner, SILENCE_MS, (octets) => octets.equals(Buffer.from('friend')))).not.toBeNull();
  });

  test('gives an IPv6-only host no IPv4, and lets it reach a public host over IPv6', async () => {
    const six = internet.host('six');
    expect(six.ipv4).toBeNull();
    const [far, near] = [await openUdp(server, server.ipv6), await openUdp(six, six.ipv6)];
    near.send('six', far.address().port, server.ipv6 ?? '');
    expect(await receive(far, SILENCE_MS, () => true)).not.toBeNull();
    await expect(six.connectTcp(server.ipv4 ?? '', 1)).rejects.toThrow('ENETUNREACH');
  });

  test('keeps hosts of one hotel apart, and neighbours of one home together', async () => {
    const cases = [
      ['guest1', 'guest2', false],
      ['neighbour', 'inside', true],
    ] as const;
    for (const [from, to, isReached] of cases) {
      const [near, far] = [await openUdp(internet.host(from)), await openUdp(internet.host(to))];
      near.send('hello', far.address().port, far.address().address);
      const received = await receive(far, SILENCE_MS, () => true);
      expect(received !== null, `${from} to ${to}`).toBe(isReached);
    }
  });

  test('maps a public address to a private server, which cannot reach itself there', async () => {
    const cloud = internet.host('cloud');
    expect(cloud.ipv4).toMatch(/^192\.168\./);
    expect(await probeMapping(await openUdp(other), addressOf(cloud))).not.toBeNull();
    expect(await probeMapping(await openUdp(cloud), addressOf(cloud), SILENCE_MS)).toBeNull();
    // Its packets leave from that address, with their own port.
    const socket = await openUdp(cloud);
    const seen = await probeMapping(socket, addressOf(server));
    expect(seen).toBe(`${cloud.outerIpv4}:${socket.address().port}`);
  });

  test('forwards single ports of a home to a server there, for those outside', async () => {
    const inside = internet.host('inside');
    expect(await probeMapping(await openUdp(other), addressOf(inside))).not.toBeNull();
    const neighbour = await openUdp(internet.host('neighbour'));
    expect(await probeMapping(neighbour, { address: inside.ipv4 ?? '', port: STUN_PORT })).not.toBeNull();
    expect(await probeMapping(neighbour, addressOf(inside), SILENCE_MS)).toBeNull();
  });

  test('blocks UDP, or TCP, or everything but one TCP port, and opens again', async () => {
    const home = internet.host('home');
    serve(server, 8443, '0.0.0.0');
    serve(server, 8444, '0.0.0.0');
    const canTcp = async (port: number) => {
      const attempt = home.connectTcp(server.ipv4 ?? '', port).then(
        (socket) => {
          socket.destroy();
          return true;
        },
        () => false,
      );
      const silence = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), SILENCE_MS));
      return Promise.race([attempt, silence]);
    };
    const look = async () => ({
      udp: (await probeMapping(await openUdp(home), addressOf(server), SILENCE_MS)) !== null,
      tcp8443: await canTcp(8443),
      tcp8444: await canTcp(8444),
    });
    await expect.poll(look).toEqual({ udp: true, tcp8443: true, tcp8444: true });
    await internet.setFirewall('home', { kind: 'udp-blocked' });
    expect(await look()).toEqual({ udp: false, tcp8443: true, tcp8444: true });
    await internet.setFirewall('home', { kind: 'tcp-blocked' });
    expect(await look()).toEqual({ udp: true, tcp8443: false, tcp8444: false });
    await internet.setFirewall('home', { kind: 'one-port', port: 8443 });
    expect(await look()).toEqual({ udp: false, tcp8443: true, tcp8444: false });
    await internet.setFirewall('home', { kind: 'open' });
    expect(await look()).toEqual({ udp: true, tcp8443: true, tcp8444: true });
  });

  test('keeps two sites apart that reach everybody else, and lets them together again', async () => {
    const socket = await openUdp(other);
    await internet.separate('other', 'server');
    expect(await probeMapping(socket, addressOf(server), SILENCE_MS)).toBeNull();
    expect(await probeMapping(socket, addressOf(internet.host('cloud')))).not.toBeNull();
    await internet.separate('other', null);
    expect(await probeMapping(socket, addressOf(server))).not.toBeNull();
  });

  test('cuts a flow that was there before the firewall', async () => {
    const home = await openUdp(internet.host('home'));
    expect(await probeMapping(home, addressOf(server))).not.toBeNull();
    await internet.setFirewall('home', { kind: 'udp-blocked' });
    expect(await probeMapping(home, addressOf(server), SILENCE_MS)).toBeNull();
    await internet.setFirewall('home', { kind: 'open' });
    expect(await probeMapping(home, addressOf(server))).not.toBeNull();
  });

  test('loses the share of packets that it is told to, and slows down a line', async () => {
    await internet.setLoss('home', 0.3);
    const home = await openUdp(internet.host('home'));
    const sink = await openUdp(server);
    let count = 0;
    let octetCount = 0;
    sink.on('message', (octets: Buffer) => {
      count += 1;
      octetCount += octets.length;
    });
    // In pieces that the receiver's buffer holds.
    for (let piece = 0; piece < 20; piece += 1) {
      for (let sent = 0; sent < 50; sent += 1) home.send('x', sink.address().port, server.ipv4 ?? '');
      await receive(sink, 20, () => false);
    }
    await receive(sink, SILENCE_MS, () => false);
    expect(count).toBeGreaterThan(600);
    expect(count).toBeLessThan(800);
    await internet.setLoss('home', 0);

    await internet.setRate('home', 800);
    octetCount = 0;
    // Two seconds' worth, of which the line's queue holds 200 ms and a burst of 16 kB.
    for (let sent = 0; sent < 200; sent += 1)
      home.send(Buffer.alloc(1000), sink.address().port, server.ipv4 ?? '');
    await receive(sink, 1_000, () => false);
    expect(octetCount).toBeGreaterThan(16_000);
    expect(octetCount).toBeLessThan(120_000);
  });

  test('lets a host behind a proxy out by CONNECT to port 443, and no other way', async () => {
    const office = internet.host('office');
    serve(server, 443, '0.0.0.0');
    const proxy = new URL(office.proxy ?? '');
    const ask = async (port: number, host = server.ipv4) => {
      const socket = await office.connectTcp(proxy.hostname, Number(proxy.port));
      socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
      const [octets] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return octets.toString('latin1').split('\r\n')[0];
    };
    await expect.poll(() => ask(443)).toMatch(/^HTTP\/1\.[01] 200/);
    expect(await ask(443, 'calls.example')).toMatch(/^HTTP\/1\.[01] 200/);
    expect(await ask(8443)).toMatch(/^HTTP\/1\.[01] 403/);
    expect(await probeMapping(await openUdp(office), addressOf(server), SILENCE_MS)).toBeNull();
  });

  test('serves names: to a neighbour the inner address, to the rest the outer', async () => {
    const resolve = async (host: string, name: string) => {
      const script = `require("dns").resolve4("${name}", (error, found) => console.log(error ? error.code : found.join()))`;
      return (await internet.host(host).run(process.execPath, ['-e', script])).trim();
    };
    const inside = internet.host('inside');
    expect(await resolve('home', 'calls.example')).toBe(server.ipv4);
    expect(await resolve('home', 'inner.example')).toBe(inside.outerIpv4);
    expect(await resolve('neighbour', 'inner.example')).toBe(inside.ipv4);
    expect(await resolve('home', 'elsewhere.example')).toBe('ENOTFOUND');
  });

  test('leads a port of this process’s own network to one of a host', async () => {
    serve(other, 18_080, '127.0.0.1');
    closers.push(await other.forward(18_081, 18_080));
    const hear = async () => {
      const socket = connect(18_081, '127.0.0.1');
      const [octets] = (await once(socket, 'data', { signal: AbortSignal.timeout(SILENCE_MS) })) as [Buffer];
      socket.destroy();
      return octets.toString();
    };
    await expect.poll(() => hear().catch(String)).toBe('hello');
  });

  test('has no way out: not even to the machine that it is on', async () => {
    const machine = createSocket('udp4');
    closers.push(() => machine.close());
    await new Promise<void>((resolve) => machine.bind(0, machineAddress, resolve));
    (await openUdp(other)).send('hello', machine.address().port, machineAddress);
    expect(await receive(machine, SILENCE_MS, () => true)).toBeNull();
    await expect(other.connectTcp(machineAddress, 1)).rejects.toThrow(/ENETUNREACH|EHOSTUNREACH/);
  });
});
