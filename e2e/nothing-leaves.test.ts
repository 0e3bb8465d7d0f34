import { X509Certificate } from 'node:crypto';
import { describe, expect, test as plainTest } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { joinFromPage, startCall } from './call/enter-call.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import type { Host, Internet } from './networks/internet/create-internet.ts';
import {
  findStrays,
  multicastNames,
  questionsFor,
  type Allowance,
} from './networks/internet/judge-packets.ts';
import { startPacketRecorder } from './networks/internet/packet-recorder.ts';
import type { Packet } from './networks/internet/read-capture.ts';
import { isIsolated } from './networks/isolation.ts';
import type { Program } from './program/start-program.ts';
import { createTestAuthority } from './program/test-authority.ts';
import { test, type Stage } from './stage.ts';
import { until } from './until.ts';

const name = 'calls.example';
const hostNames = ['server', 'ana', 'ben'] as const;
const JOURNEY_DEADLINE_MS = 300_000;
/** Five ways one after the other, of which a silent one takes its time. */
const CHECK_DEADLINE_MS = 90_000;

/** Every address of a host, as seen from anywhere. */
function addressesOf({ ipv4, outerIpv4, ipv6 }: Host): string[] {
  return [ipv4, outerIpv4, ipv6].filter((address) => address !== null);
}

/** What the server may send: to itself and to the public addresses of those who call, without exception. */
function allowServer(internet: Internet): Allowance {
  const guests = ['ana', 'ben'].map((guest) => internet.host(guest));
  const outer = guests.flatMap(({ outerIpv4, ipv6 }) => [outerIpv4, ipv6]);
  const addresses = [...addressesOf(internet.host('server')), ...outer.filter((address) => address !== null)];
  return { addresses, names: [name], exceptions: [] };
}

/** What browsers ask for themselves, whatever page is open. None of it has an answer here. */
const chatter = {
  ana: [
    questionsFor('accounts.google.com', 'Chromium asks whether somebody is signed in at Google'),
    questionsFor('update.googleapis.com', 'Chromium looks for newer extensions of its own'),
    questionsFor('content-autofill.googleapis.com', 'Chromium asks what the fields of a form are for'),
    questionsFor('optimizationguide-pa.googleapis.com', 'Chromium asks for hints on how to load pages'),
  ],
  ben: [questionsFor('firefox.settings.services.mozilla.com', 'Firefox fetches lists of its own')],
};

/** What a guest may send: to the server, to the other guest, and what browsers send by themselves. */
function allowGuest(internet: Internet, guest: 'ana' | 'ben'): Allowance {
  return {
    addresses: hostNames.flatMap((host) => addressesOf(internet.host(host))),
    names: [name],
    exceptions: [multicastNames, ...chatter[guest]],
  };
}

/** Goes through every page there is, with a whole call in the middle. */
async function visitEverything(
  [ana, ben]: readonly [Guest, Guest],
  origin: string,
  hasAuthorityPage: boolean,
) {
  const link = await startCall(ana, origin, 'Ana');
  await ben.open(origin);
  await ben.waitFor('button', 'Start a call');
  await ben.open(link);
  await joinFromPage(ben, 'Ben');
  await expectEveryoneSeesAndHears([ana, ben]);
  await ana.click('button', 'Chat');
  await ana.fill('textbox', 'Message', 'See https://example.com/picture.png');
  await ana.click('button', 'Send');
  await ben.waitFor('button', 'Chat, 1 new');
  await ben.click('button', 'Chat, 1 new');
  await ben.waitForText('picture.png');
  for (const guest of [ana, ben]) {
    await guest.click('button', 'Leave');
    await guest.waitFor('heading', 'You left the call');
  }
  for (const guest of [ana, ben]) {
    await guest.open(`${origin}/check`);
    await whenChecked(guest);
    if (!hasAuthorityPage) continue;
    await guest.open(`${origin}/ca`);
    await guest.waitFor('heading', 'Let this device trust this server');
  }
}

/** Waits until the page has tried all ways. */
function whenChecked(guest: Guest): Promise<string> {
  return until(
    'the verdict of the check',
    async () => {
      const verdict = await guest.evaluate(
        () => document.querySelector<HTMLElement>('[data-verdict]')?.dataset['verdict'] ?? 'running',
        null,
      );
      return verdict === 'running' ? { found: false, seen: verdict } : { found: true, value: verdict };
    },
    CHECK_DEADLINE_MS,
  );
}

/** Fetches the server's own authority, as a person does who then installs it. */
async function fetchAuthority(program: Program): Promise<string> {
  const response = await fetch(`${program.origin}/ca.crt`);
  return new X509Certificate(Buffer.from(await response.arrayBuffer())).toString();
}

async function createNetwork(stage: Stage, isSymmetric: boolean): Promise<Internet> {
  return stage.createInternet({
    names: [{ name, host: 'server' }],
    sites: [
      { hosts: ['server'], translation: 'none' },
      ...['ana', 'ben'].map((guest) =>
        isSymmetric
          ? ({ hosts: [guest], translation: 'symmetric', families: ['ipv4'] } as const)
          : ({ hosts: [guest], translation: 'port-restricted' } as const),
      ),
    ],
  });
}

/** Records on every host from now on. @returns what ends it, and finds what went where it may not. */
async function recordAll(internet: Internet): Promise<() => Promise<Recorded[]>> {
  const recorders = await Promise.all(
    hostNames.map(async (host) => ({ host, recorder: await startPacketRecorder(internet.host(host)) })),
  );
  return () =>
    Promise.all(
      recorders.map(async ({ host, recorder }) => {
        const packets = await recorder.stop();
        const allowance = host === 'server' ? allowServer(internet) : allowGuest(internet, host);
        return { host, packets, strays: findStrays(packets, allowance) };
      }),
    );
}

interface Recorded {
  readonly host: string;
  readonly packets: readonly Packet[];
  readonly strays: readonly string[];
}

const none = { server: [], ana: [], ben: [] };

function straysOf(recorded: readonly Recorded[]): Record<string, readonly string[]> {
  return Object.fromEntries(recorded.map(({ host, strays }) => [host, strays]));
}

describe.runIf(isIsolated)('nothing leaves but to the server and the people in the call', () => {
  test(
    'where the server has an address and a certificate of its own, and guests are behind symmetric NATs',
    { timeout: JOURNEY_DEADLINE_MS },
    async ({ stage }) => {
      const internet = await createNetwork(stage, true);
      const stopAll = await recordAll(internet);
      const program = await stage.startProgram({ host: internet.host('server') });
      const trustedAuthority = await fetchAuthority(program);
      const guests = [
        await stage.invite('chromium', 'Ana', { host: internet.host('ana'), trustedAuthority }),
        await stage.invite('firefox', 'Ben', { host: internet.host('ben'), trustedAuthority }),
      ] as const;
      await visitEverything(guests, `https://${internet.host('server').ipv4}`, true);
      await program.stop();
      expect(straysOf(await stopAll())).toEqual(none);
    },
  );

  test(
    'where the server has a name, and guests have IPv6 too',
    { timeout: JOURNEY_DEADLINE_MS },
    async ({ stage }) => {
      const internet = await createNetwork(stage, false);
      const stopAll = await recordAll(internet);
      const authority = await createTestAuthority();
      const program = await stage.startProgram({
        host: internet.host('server'),
        certificate: await authority.certify([name], []),
        flags: ['--domain', name],
      });
      const guests = [
        await stage.invite('chromium', 'Ana', {
          host: internet.host('ana'),
          trustedAuthority: authority.pem,
        }),
        await stage.invite('firefox', 'Ben', { host: internet.host('ben'), trustedAuthority: authority.pem }),
      ] as const;
      await visitEverything(guests, `https://${name}`, false);
      await program.stop();
      const recorded = await stopAll();
      expect(straysOf(recorded)).toEqual(none);
      // All three have asked for the name of the server, and were heard to.
      for (const { host, packets } of recorded) {
        expect(
          packets.map(({ question }) => question),
          host,
        ).toContain(name);
      }
    },
  );

  test('and what does leave is seen, on every host', async ({ stage }) => {
    const internet = await createNetwork(stage, false);
    const stopAll = await recordAll(internet);
    const script = `
      const socket = (kind) => require('node:dgram').createSocket(kind);
      const udp4 = socket('udp4'), udp6 = socket('udp6');
      udp4.send('x', 4000, '62.0.0.1', () => udp4.close());
      udp6.send('x', 4001, '2a02:99::1', () => udp6.close());
      require('node:net').connect(443, '62.0.0.2').on('error', () => {});
      require('node:dns').resolve4('stranger.example', () => process.exit());`;
    await Promise.all(hostNames.map((host) => internet.host(host).run(process.execPath, ['-e', script])));
    const strays = [
      'tcp 62.0.0.2 443',
      'udp 127.0.0.1 53 asks for stranger.example',
      'udp 2a02:99::1 4001',
      'udp 62.0.0.1 4000',
    ];
    const seen = (await stopAll()).map(({ host, strays: found }) => [host, found.toSorted()]);
    expect(Object.fromEntries(seen)).toEqual({ server: strays, ana: strays, ben: strays });
  });
});

describe('the judgement on packets', () => {
  const allowance: Allowance = {
    addresses: ['61.0.1.10', '2a02:61:1::10'],
    names: [name],
    exceptions: [multicastNames, questionsFor('browser.example', 'a browser’s own')],
  };
  const udp = (destination: string, port: number, question: string | null = null): Packet => ({
    protocol: 'udp',
    destination,
    port,
    question,
  });
  const icmpv6 = (destination: string, port: number): Packet => ({
    ...udp(destination, port),
    protocol: 'icmpv6',
  });

  plainTest.for<[string, Packet, string[]]>([
    ['the server', udp('61.0.1.10', 3478), []],
    ['the server by IPv6, however written', udp('2a02:61:1::10', 3478), []],
    ['this host itself', udp('127.0.0.1', 9), []],
    ['our name', udp('127.0.0.1', 53, name), []],
    ['another name', udp('127.0.0.1', 53, 'example.org'), ['udp 127.0.0.1 53 asks for example.org']],
    ['a name below ours', udp('127.0.0.1', 53, `a.${name}`), [`udp 127.0.0.1 53 asks for a.${name}`]],
    [
      'a question nobody can read',
      udp('127.0.0.1', 53, ''),
      ['udp 127.0.0.1 53 asks for what cannot be read'],
    ],
    ['our name, of a stranger', udp('8.8.8.8', 53, name), [`udp 8.8.8.8 53 asks for ${name}`]],
    ['what a browser asks', udp('127.0.0.1', 53, 'browser.example'), []],
    [
      'a name below what a browser asks',
      udp('127.0.0.1', 53, 'a.browser.example'),
      ['udp 127.0.0.1 53 asks for a.browser.example'],
    ],
    ['another address', udp('61.0.1.11', 3478), ['udp 61.0.1.11 3478']],
    ['a later fragment', { ...udp('61.0.1.11', 0), port: null }, ['udp 61.0.1.11']],
    ['names of the local network', udp('224.0.0.251', 5353), []],
    ['another service for the local network', udp('239.255.255.250', 1900), ['udp 239.255.255.250 1900']],
    ['a neighbour', icmpv6('ff02::1:ff00:1', 135), []],
    ['an echo', icmpv6('2a02:99::1', 128), ['icmpv6 2a02:99::1 128']],
    ['what is not IP', { protocol: '0x88cc', destination: '', port: null, question: null }, ['0x88cc']],
  ])('%s', ([, packet, strays]) => {
    expect(findStrays([packet, packet], allowance)).toEqual(strays);
  });

  plainTest('makes no exception that it was not told of', () => {
    const strict = { ...allowance, exceptions: [] };
    expect(findStrays([udp('224.0.0.251', 5353)], strict)).toEqual(['udp 224.0.0.251 5353']);
  });
});
