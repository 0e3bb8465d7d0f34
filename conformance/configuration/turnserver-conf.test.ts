import { createHmac, createPrivateKey } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { fingerprint, formatIpAddress, formatTransportAddress } from '@callbox/stun';
import { afterEach, describe, expect, test } from 'vitest';
import { peerAt } from '../program/running-program.ts';
import { allocate, type Allocation } from '../turn/allocation.ts';
import { secondsFromNow, timeLimitedCredential } from '../turn/client/credential.ts';
import { has } from '../turn/client/reply.ts';
import {
  attribute,
  FAMILY,
  METHOD,
  PROTOCOL,
  requestedAddressFamily,
  requestedTransport,
  xorPeerAddress,
} from '../turn/client/turn-wire.ts';
import { serverCertificate } from '../turn/servers/certificate.ts';
import { describeWithPrograms } from '../turn/servers/describe-with-programs.ts';
import type { TurnClient } from '../turn/client/turn-client.ts';
import { createConfiguredServers, ports } from './configured-servers.ts';

const servers = createConfiguredServers();
afterEach(() => servers.end());

const ana = { username: 'ana', password: 'correct horse' };
const bo = { username: 'bo', password: 'battery staple' };
const [anasHost, bosHost] = ['127.1.0.1', '127.1.0.2'];

const listening = [`listening-port=${ports.listening}`, 'realm=calls.example'];
const users = ['lt-cred-mech', `user=ana:${ana.password}`, `user=bo:${bo.password}`];
/** Loopback stands for the internet in these tests. */
const usual = [...listening, ...users, 'allow-loopback-peers'];

/** How the server answers who asks for an allocation. */
async function ask(client: TurnClient): Promise<string> {
  const attributes = [requestedTransport(PROTOCOL.udp)];
  return (await client.request({ method: METHOD.allocate, attributes })).outcome;
}

async function permit({ client }: Allocation, host: string): Promise<string> {
  const attributes = [attribute(xorPeerAddress, peerAt(host))];
  return (await client.request({ method: METHOD.createPermission, attributes })).outcome;
}

/** Time alone for a name, as signalmaster makes it. */
function namelessCredential(secret: string, expiresAtSeconds: number) {
  const username = String(expiresAtSeconds);
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}

const hostOf = ({ relayed }: Allocation): string => formatIpAddress(relayed.address);

/** Whether a Binding request is answered there. Nobody at all is heard of at once, silence after a while. */
async function answersUdp(host: string, port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  socket.connect(port, host);
  await once(socket, 'connect');
  const isAnswered = await new Promise<boolean>((resolve) => {
    socket.once('message', () => resolve(true));
    socket.once('error', () => resolve(false));
    setTimeout(resolve, 3_000, false).unref();
    socket.send(Buffer.from(`000100002112a442${'07'.repeat(12)}`, 'hex'));
  });
  socket.close();
  return isAnswered;
}

async function takesTcp(host: string, port: number): Promise<boolean> {
  const socket = connectTcp(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** What coturn does with a file, and Callbox has to do too. */
function declareSharedBehaviour(start: (lines: readonly string[]) => Promise<unknown>): void {
  test('realm and users: who knows a password allocates, nobody else', async () => {
    await start(usual);
    const client = await servers.connect(ana);
    expect((await client.challenge()).realm).toBe('calls.example');
    expect(await ask(client)).toBe('success');
    expect(await ask(await servers.connect({ ...ana, password: 'wrong' }))).toBe('error 401');
    expect(await ask(await servers.connect(bo, { transport: 'tcp' }))).toBe('success');
  });

  test('a user by a key of turnadmin allocates with the password that it was made of', async () => {
    const lines = [`listening-port=${ports.listening}`, 'lt-cred-mech', 'realm=north.gov'];
    await start([...lines, 'user=ninefingers:0xbc807ee29df3c9ffa736523fb2c4e8ee']);
    const credential = { username: 'ninefingers', password: 'youhavetoberealistic' };
    expect(await ask(await servers.connect(credential))).toBe('success');
    expect(await ask(await servers.connect({ ...credential, password: 'other' }))).toBe('error 401');
  });

  test('listening-ip, relay-ip, external-ip, min-port and max-port: where it listens, relays, and what it tells', async () => {
    await start([
      ...usual,
      'listening-ip=127.0.0.1',
      'listening-ip=127.0.0.2',
      'relay-ip=127.0.0.3',
      'external-ip=127.0.0.9/127.0.0.3',
      `min-port=${ports.relay.min}`,
      `max-port=${ports.relay.max}`,
    ]);
    expect(await answersUdp('127.0.0.1', ports.listening)).toBe(true);
    expect(await answersUdp('127.0.0.4', ports.listening)).toBe(false);
    expect(await takesTcp('127.0.0.2', ports.listening)).toBe(true);
    expect(await takesTcp('127.0.0.4', ports.listening)).toBe(false);
    const allocation = await allocate(await servers.connect(ana, { host: '127.0.0.2' }));
    expect(hostOf(allocation)).toBe('127.0.0.9');
    const { min, max } = ports.relay;
    expect(allocation.relayed.port).toBeGreaterThanOrEqual(min);
    expect(allocation.relayed.port).toBeLessThanOrEqual(max);
    const peer = await servers.peer(bosHost);
    await allocation.permit(peer.address);
    allocation.client.sendIndication(peer.address, Buffer.from('hello'));
    const { from } = await peer.received.take('what was relayed');
    expect(formatTransportAddress(from)).toBe(`127.0.0.3:${allocation.relayed.port}`);
    const outcomes: string[] = [];
    for (let asked = 0; asked < max - min + 1; asked += 1)
      outcomes.push(await ask(await servers.connect(bo)));
    // One port is Ana's.
    expect(outcomes.filter((outcome) => outcome === 'success')).toHaveLength(max - min);
    expect(outcomes.at(-1)).toBe('error 508');
  });

  test('external-ip alone: what is told of relays, wherever they are', async () => {
    await start([...usual, 'external-ip=203.0.113.9']);
    const allocation = await allocate(await servers.connect(ana));
    expect(hostOf(allocation)).toBe('203.0.113.9');
  });

  test('listening-ip and relay-ip of IPv6: there it listens, and relays', async () => {
    await start([...usual, 'listening-ip=::1', 'relay-ip=::1']);
    const client = await servers.connect(ana, { host: '::1' });
    const allocation = await allocate(client, [requestedAddressFamily(FAMILY.ipv6)]);
    expect(hostOf(allocation)).toBe('::1');
    expect(await answersUdp('127.0.0.1', ports.listening)).toBe(false);
  });

  test('user-quota and total-quota: 486 for who has enough', async () => {
    await start([...usual, 'user-quota=2', 'total-quota=3']);
    const asked = async (credential: typeof ana): Promise<string> => ask(await servers.connect(credential));
    expect([await asked(ana), await asked(ana), await asked(ana)]).toEqual([
      'success',
      'success',
      'error 486',
    ]);
    expect([await asked(bo), await asked(bo)]).toEqual(['success', 'error 486']);
  });

  test('denied-peer-ip and allowed-peer-ip: what is allowed wins where they meet', async () => {
    await start([
      ...usual,
      'denied-peer-ip=127.1.0.0-127.1.0.255',
      'denied-peer-ip=10.0.0.0-10.255.255.255',
      'allowed-peer-ip=127.1.0.5',
      'allowed-peer-ip=10.1.2.0-10.1.2.255',
    ]);
    const allocation = await allocate(await servers.connect(ana));
    const outcomes: Record<string, string> = {};
    for (const host of ['127.1.0.4', '127.1.0.5', '127.1.1.1', '10.1.1.1', '10.1.2.3'])
      outcomes[host] = await permit(allocation, host);
    expect(outcomes).toEqual({
      '127.1.0.4': 'error 403',
      '127.1.0.5': 'success',
      '127.1.1.1': 'success',
      '10.1.1.1': 'error 403',
      '10.1.2.3': 'success',
    });
  });

  test('without allow-loopback-peers nobody reaches loopback', async () => {
    await start([...listening, ...users]);
    expect(await permit(await allocate(await servers.connect(ana)), bosHost)).toBe('error 403');
  });

  test('static-auth-secret: whoever signs with it allocates until the time is over, with or without a name, and reaches everybody', async () => {
    await start([...listening, 'use-auth-secret', 'static-auth-secret=north', 'allow-loopback-peers']);
    const soon = secondsFromNow(60);
    const named = await allocate(await servers.connect(timeLimitedCredential('north', soon, 'ana.smith')));
    expect(await permit(named, bosHost)).toBe('success');
    expect(await ask(await servers.connect(namelessCredential('north', soon)))).toBe('success');
    expect(await ask(await servers.connect(timeLimitedCredential('south', soon)))).toBe('error 401');
    expect(await ask(await servers.connect(timeLimitedCredential('north', secondsFromNow(-60))))).toBe(
      'error 401',
    );
  });

  test.each([['use-auth-secret', 'static-auth-secret=north'], ['static-auth-secret=north']])(
    'user beside %s: nobody is let in by user',
    async (...secret) => {
      await start([...usual, ...secret]);
      const timed = timeLimitedCredential('north', secondsFromNow(60), 'ana');
      expect(await ask(await servers.connect(timed))).toBe('success');
      expect(await ask(await servers.connect(ana))).toBe('error 401');
    },
  );

  test('no-tcp: there is UDP and nothing else', async () => {
    await start([...usual, 'no-tcp', 'no-tls']);
    expect(await answersUdp('127.0.0.1', ports.listening)).toBe(true);
    expect(await takesTcp('127.0.0.1', ports.listening)).toBe(false);
  });

  test('no-udp: there is TCP and nothing else', async () => {
    await start([...usual, 'no-udp']);
    expect(await answersUdp('127.0.0.1', ports.listening)).toBe(false);
    expect(await ask(await servers.connect(ana, { transport: 'tcp' }))).toBe('success');
  });

  test('max-bps: what is too much each way is dropped', async () => {
    await start([...usual, 'max-bps=20000']);
    const allocation = await allocate(await servers.connect(ana, { localHost: anasHost }));
    const peer = await servers.peer(bosHost);
    await allocation.permit(peer.address);
    await allocation.bind(0x4001, peer.address);
    for (let sent = 0; sent < 120; sent += 1) allocation.sendOnChannel(0x4001, Buffer.alloc(1_000, 7));
    // Everything that was sent before has been looked at.
    await allocation.client.fence();
    await peer.fence();
    const arrived = peer.received.rest.length;
    expect(arrived).toBeGreaterThan(0);
    expect(arrived).toBeLessThan(60);
  });

  test('fingerprint: answers carry FINGERPRINT', async () => {
    await start([...usual, 'fingerprint']);
    const client = await servers.connect(ana);
    const reply = await client.request({
      method: METHOD.allocate,
      attributes: [requestedTransport(PROTOCOL.udp)],
      fingerprint: true,
    });
    expect([reply.outcome, has(reply.message, fingerprint)]).toEqual(['success', true]);
  });
}

describe('Callbox with a turnserver.conf', () => {
  declareSharedBehaviour((lines) => servers.startCallbox(lines));

  test('cert, pkey, pkey-pwd and tls-listening-port: TLS with that certificate, on both ports', async () => {
    const { cert, key } = await serverCertificate();
    const passphrase = 'sesame';
    const encrypted = createPrivateKey(key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase,
    });
    const files = { 'cert.pem': cert, 'key.pem': encrypted.toString() };
    const withTls = [...usual, 'cert=cert.pem', 'pkey=key.pem', `tls-listening-port=${ports.tls}`];
    await expect(servers.startCallbox([...withTls, 'pkey-pwd=wrong'], { files })).rejects.toThrow(
      'do not make a pair',
    );
    await servers.startCallbox([...withTls, `pkey-pwd=${passphrase}`], { files });
    for (const port of [ports.listening, ports.tls]) {
      expect(await ask(await servers.connect(ana, { transport: 'tls', port }))).toBe('success');
    }
    const socket = connectTls({ host: '127.0.0.1', port: ports.tls, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    expect(socket.getPeerCertificate().subject.CN).toBe('conformance.example');
    socket.destroy();
  });

  test('no-tls and no-tcp with a certificate: plain TCP alone, TLS alone', async () => {
    const { cert, key } = await serverCertificate();
    const files = { 'cert.pem': cert, 'key.pem': key };
    const withTls = [...usual, 'cert=cert.pem', 'pkey=key.pem', `tls-listening-port=${ports.tls}`];
    await servers.startCallbox([...withTls, 'no-tls'], { files });
    expect(await takesTcp('127.0.0.1', ports.tls)).toBe(false);
    expect(await ask(await servers.connect(ana, { transport: 'tcp' }))).toBe('success');
    await servers.end();
    await servers.startCallbox([...withTls, 'no-tcp'], { files });
    expect(await takesTcp('127.0.0.1', ports.listening)).toBe(false);
    expect(await ask(await servers.connect(ana, { transport: 'tls', port: ports.tls }))).toBe('success');
    const plain = await servers.connect(ana, { transport: 'tcp', port: ports.tls });
    await expect(Promise.race([ask(plain), plain.ended.then(() => 'ended')])).resolves.toBe('ended');
  });

  test('the secret signs for our own guests too, who reach their room alone', async () => {
    const at = await servers.startCallbox([...listening, 'static-auth-secret=north', 'allow-loopback-peers']);
    const [anaHere, boHere] = [
      await servers.join(at, 'blue', anasHost),
      await servers.join(at, 'blue', bosHost),
    ];
    expect(anaHere.credential).toEqual(
      timeLimitedCredential(
        'north',
        Number(anaHere.credential.username.split(':')[0]),
        anaHere.credential.username.split(':')[1],
      ),
    );
    const allocation = await anaHere.allocate();
    expect(await permit(allocation, boHere.host)).toBe('success');
    expect(await permit(allocation, '127.1.0.9')).toBe('error 403');
  });

  test('relay-ip that is no address of this machine is said before anything listens', async () => {
    await expect(servers.startCallbox([...usual, 'relay-ip=203.0.113.77'])).rejects.toThrow(
      '--relay-address 203.0.113.77: this machine has no such address',
    );
    await expect(servers.startCallbox([...usual, 'listening-ip=203.0.113.77'])).rejects.toThrow(
      '203.0.113.77 is not an address of this machine; choose another with --turn-listen',
    );
  });
});

describeWithPrograms(['turnserver'], () => {
  describe('coturn with the same file', () => {
    declareSharedBehaviour((lines) => servers.startCoturn(lines));
  });
});
