import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe } from 'vitest';
import { enterCall } from '../call/enter-call.ts';
import { listCandidatePairs } from '../media/candidate-pairs.ts';
import { sampleLinks } from '../media/link-sample.ts';
import { expectMediaArrives } from '../media/see-and-hear.ts';
import { createTestAuthority } from '../program/test-authority.ts';
import { test } from '../stage.ts';
import { startCoturn } from '../program/start-coturn.ts';

const secret = 'a secret of the spike';
const coturnFlags = [
  '--roles',
  'signaling,web',
  '--turn-secret',
  secret,
  '--turn-url',
  'turn:relay.example:3478?transport=udp',
  '--turn-url',
  'turn:relay.example:443?transport=tcp',
  '--turn-url',
  'turns:relay.example:443?transport=tcp',
];
const load: ChildProcess[] = [];
/** Processes that do nothing but take time. */
const loadCount = Number(process.env['LOAD'] ?? 0);
const rounds = Number(process.env['ROUNDS'] ?? 6);
const logFile = process.env['CHOICE_LOG'] ?? '/dev/stdout';
/** How much later than it came a guest's browser is told of the other's relay over UDP, in milliseconds. */
const candidateDelayMs = Number(process.env['CANDIDATE_DELAY'] ?? 0);
/** Whose browser that is: `ana`, who is there first and answers, or `ben`. */
const delayedGuest = process.env['DELAYED'] ?? 'ana';

/** Chromium ranks relays over UDP 2, over TCP 1, over TLS 0, in the first octet of the priority. */
const delayCandidates = `
  const add = RTCPeerConnection.prototype.addIceCandidate;
  RTCPeerConnection.prototype.addIceCandidate = async function (candidate) {
    const priority = Number(/^candidate:\\S+ \\d+ \\S+ (\\d+)/.exec(candidate?.candidate ?? '')?.[1] ?? 0);
    if (priority >>> 24 === 2) await new Promise((resolve) => setTimeout(resolve, ${candidateDelayMs}));
    return add.call(this, candidate);
  };`;

beforeEach(() => {
  for (let index = 0; index < loadCount; index += 1) {
    load.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  }
});
afterEach(() => {
  for (const child of load.splice(0)) child.kill('SIGKILL');
});

describe('the way that two Chromiums choose of several that work', () => {
  for (const relay of ['callbox', 'coturn'] as const) {
    for (let round = 0; round < rounds; round += 1) {
      test(`${relay}, round ${round}`, async ({ stage }) => {
        const authority = await createTestAuthority();
        const internet = await stage.createInternet({
          names: [
            { name: 'calls.example', host: 'server' },
            { name: 'relay.example', host: 'relay' },
          ],
          sites: [
            { hosts: ['server'], translation: 'none', families: ['ipv4'] },
            { hosts: ['relay'], translation: 'none', families: ['ipv4'] },
            { hosts: ['ana', 'ben'], translation: 'symmetric', families: ['ipv4'] },
          ],
        });
        stage.expectProblem(/./);
        const coturn =
          relay === 'coturn'
            ? await startCoturn(
                internet.host('relay'),
                { secret },
                await authority.certify(['relay.example'], []),
              )
            : null;
        const program = await stage.startProgram({
          host: internet.host('server'),
          certificate: await authority.certify(['calls.example'], []),
          flags: coturn === null ? [] : coturnFlags,
        });
        const guests = [];
        for (const name of ['ana', 'ben']) {
          const guest = await stage.invite('chromium', name, {
            trustedAuthority: authority.pem,
            host: internet.host(name),
            ...(name === delayedGuest && candidateDelayMs > 0 ? { scriptBeforePage: delayCandidates } : {}),
          });
          guests.push(guest);
          await enterCall(guest, 'https://calls.example/r/choice?transport=relay', name);
        }
        await Promise.all(guests.map((guest) => expectMediaArrives(guest, 1, 60_000)));
        const seen: string[] = [];
        for (let look = 0; look < 12; look += 1) {
          const ways = await Promise.all(
            guests.map(async (guest) => (await sampleLinks(guest))[0]?.path?.local.relayProtocol),
          );
          seen.push(ways.join('/'));
          await sleep(1_000);
        }
        const last = seen.at(-1) ?? '';
        const details =
          last === 'udp/udp'
            ? []
            : [
                ...(await Promise.all(guests.map(listCandidatePairs))),
                coturn?.counts() ?? (await program.figures()),
              ];
        appendFileSync(logFile, `${JSON.stringify({ relay, round, seen, details })}\n`);
        await coturn?.stop();
      });
    }
  }
});
