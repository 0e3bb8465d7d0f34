import { afterAll, beforeAll, describe } from 'vitest';
import { readBrowserVersions } from '../browser/browser-versions.ts';
import type { BrowserKind, Guest } from '../browser/guest.ts';
import { enterCall, joinFromPage } from '../call/enter-call.ts';
import { gatherRelays, type RelayTrial } from '../media/gather-relays.ts';
import { sampleLinks, type CandidateSample } from '../media/link-sample.ts';
import { expectMediaArrives } from '../media/see-and-hear.ts';
import type { Internet } from '../networks/internet/create-internet.ts';
import type { Firewall, SitePlan } from '../networks/internet/internet-plan.ts';
import { createTestAuthority, type TestAuthority } from '../program/test-authority.ts';
import { test, type Stage } from '../stage.ts';
import { until } from '../until.ts';
import { rewritePart } from './rewrite-part.ts';
import { readCoturnVersion, startCoturn, type Coturn, type CoturnCounts } from '../program/start-coturn.ts';

const secret = 'a secret of the spike';
const pageName = 'calls.example';
const relayName = 'relay.example';
const CALL_DEADLINE_MS = 12_000;

const onePort: Firewall = { kind: 'one-port', port: 443 };
const udpBlocked: Firewall = { kind: 'udp-blocked' };

interface Cell {
  readonly what: string;
  readonly ana: Partial<SitePlan>;
  readonly ben: Partial<SitePlan>;
  readonly relayBy: 'name' | 'ipv4' | 'ipv6';
  readonly firewall?: Firewall;
}

const cells: readonly Cell[] = [
  { what: 'IPv4 guests', ana: { families: ['ipv4'] }, ben: { families: ['ipv4'] }, relayBy: 'name' },
  { what: 'IPv4 guests', ana: { families: ['ipv4'] }, ben: { families: ['ipv4'] }, relayBy: 'ipv4' },
  { what: 'IPv6 guests', ana: { families: ['ipv6'] }, ben: { families: ['ipv6'] }, relayBy: 'name' },
  { what: 'IPv6 guests', ana: { families: ['ipv6'] }, ben: { families: ['ipv6'] }, relayBy: 'ipv6' },
  { what: 'IPv4 and IPv6 guest', ana: { families: ['ipv4'] }, ben: { families: ['ipv6'] }, relayBy: 'name' },
  { what: 'guests with both', ana: {}, ben: {}, relayBy: 'name' },
  {
    what: 'IPv4, UDP blocked',
    ana: { families: ['ipv4'] },
    ben: { families: ['ipv4'] },
    relayBy: 'name',
    firewall: udpBlocked,
  },
  {
    what: 'IPv4, UDP blocked',
    ana: { families: ['ipv4'] },
    ben: { families: ['ipv4'] },
    relayBy: 'ipv4',
    firewall: udpBlocked,
  },
  {
    what: 'IPv4, TCP 443 only',
    ana: { families: ['ipv4'] },
    ben: { families: ['ipv4'] },
    relayBy: 'name',
    firewall: onePort,
  },
  {
    what: 'IPv4, TCP 443 only',
    ana: { families: ['ipv4'] },
    ben: { families: ['ipv4'] },
    relayBy: 'ipv4',
    firewall: onePort,
  },
  { what: 'behind an HTTP proxy', ana: { proxyOnly: true }, ben: { proxyOnly: true }, relayBy: 'name' },
];

const rows: string[] = [];
const reloads: string[] = [];
let authority: TestAuthority;

beforeAll(async () => {
  authority = await createTestAuthority();
});

afterAll(async () => {
  const versions = await readBrowserVersions();
  const date = new Date().toISOString().slice(0, 10);
  const heading = `Measured on ${date} with ${versions.chromium}, ${versions.firefox} and coturn ${await readCoturnVersion()}.`;
  const table = [
    heading,
    '',
    '| browser | guests | relay by | call | connected after, ms | ways to the own relay | alone, each URL gives | allocations | challenges | permissions | channels | refusals |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
  const reloadTable = [
    '| six people in Chromium | connected after, ms, middle and longest | allocations | challenges | permissions | channels | refusals |',
    '|---|---|---|---|---|---|---|',
    ...reloads,
  ].join('\n');
  // A part that was asked for by name is no table.
  if (rows.length === 2 * cells.length) await rewritePart('browsers.md', 'calls', table);
  if (reloads.length === 2) await rewritePart('browsers.md', 'reload', reloadTable);
});

/** What browsers do, not what they should: nothing here fails for what it finds. */
describe('browsers against coturn', () => {
  for (const kind of ['chromium', 'firefox'] as const) {
    for (const cell of cells) {
      test(`${kind}: ${cell.what}, relay by ${cell.relayBy}`, async ({ stage }) => {
        await withCoturn(stage, cell, async (internet, coturn) => {
          rows.push(await tryCall(stage, internet, coturn, kind, cell));
        });
      });
    }
  }

  test('six people in Chromium, at first and all reloading at once', async ({ stage }) => {
    const cell: Cell = { what: 'six', ana: {}, ben: {}, relayBy: 'name' };
    await withCoturn(stage, cell, async (internet, coturn) => {
      await startPages(stage, internet, 'name');
      const url = `https://${pageName}/r/six`;
      const guests: Guest[] = [];
      for (let index = 0; index < 6; index += 1) {
        const host = internet.host(index < 3 ? 'ana' : 'ben');
        guests.push(
          await stage.invite('chromium', `Guest ${index}`, { trustedAuthority: authority.pem, host }),
        );
      }
      for (const [what, enter] of [
        [
          'coming one after the other',
          async () => {
            for (const [index, guest] of guests.entries()) await enterCall(guest, url, `Guest ${index}`);
          },
        ],
        [
          'all reloading at once',
          () =>
            Promise.all(
              guests.map(async (guest, index) => {
                await guest.open(url);
                await joinFromPage(guest, `Guest ${index}`);
              }),
            ),
        ],
      ] as const) {
        coturn.resetCounts();
        await enter();
        const times = (await Promise.all(guests.map((guest) => waitForConnections(guest, 5)))).flat();
        times.sort((a, b) => a - b);
        const { allocations, challenges, permissions, channels, refusals } = coturn.counts();
        const middle = Math.round(times[Math.floor(times.length / 2)] ?? NaN);
        const figures = [allocations, challenges, permissions, channels, refusals];
        reloads.push(`| ${what} | ${middle}, ${Math.round(times.at(-1) ?? NaN)} | ${figures.join(' | ')} |`);
      }
    });
  });
});

async function withCoturn(
  stage: Stage,
  { ana, ben, firewall }: Cell,
  use: (internet: Internet, coturn: Coturn) => Promise<void>,
): Promise<void> {
  const internet = await stage.createInternet({
    names: [
      { name: pageName, host: 'server' },
      { name: relayName, host: 'relay' },
    ],
    sites: [
      { hosts: ['server'], translation: 'none' },
      { hosts: ['relay'], translation: 'none' },
      { translation: 'port-restricted', ...ana, hosts: ['ana'] },
      { translation: 'port-restricted', ...ben, hosts: ['ben'] },
    ],
  });
  if (firewall !== undefined) {
    for (const host of ['ana', 'ben']) await internet.setFirewall(host, firewall);
  }
  // What the browsers say of what fails is what is looked for.
  stage.expectProblem(/./);
  const relay = internet.host('relay');
  const addresses = [relay.ipv4, relay.ipv6].filter((address) => address !== null);
  const coturn = await startCoturn(relay, { secret }, await authority.certify([relayName], addresses));
  try {
    await use(internet, coturn);
  } finally {
    await coturn.stop();
  }
}

async function tryCall(
  stage: Stage,
  internet: Internet,
  coturn: Coturn,
  kind: BrowserKind,
  { what, relayBy }: Cell,
): Promise<string> {
  await startPages(stage, internet, relayBy);
  const guests = await Promise.all(
    ['ana', 'ben'].map((name) =>
      stage.invite(kind, name, { trustedAuthority: authority.pem, host: internet.host(name) }),
    ),
  );
  for (const guest of guests)
    await enterCall(guest, `https://${pageName}/r/coturn?transport=relay`, guest.label);
  const isCall = await Promise.all(
    guests.map((guest) => expectMediaArrives(guest, 1, CALL_DEADLINE_MS)),
  ).then(
    () => true,
    () => false,
  );
  // A call begins on the first way that works; give the browsers the time to choose.
  const ways = isCall ? await Promise.all(guests.map((guest) => findSettledWay(guest))) : [];
  const times = await Promise.all(
    guests.map((guest) => guest.evaluate(() => window.callboxProbe.connectMs[0] ?? null, null)),
  );
  const { allocations, challenges, permissions, channels, refusals }: CoturnCounts = coturn.counts();
  const trials = await Promise.all(guests.map((guest) => gatherRelays(guest)));
  const columns = [
    kind,
    what,
    relayBy,
    isCall ? 'yes' : '**no**',
    times.map((time) => (time === null ? 'never' : Math.round(time))).join(', '),
    ways.map(describeWay).join(', '),
    trials
      .map(describeTrials)
      .filter((text, index, all) => all.indexOf(text) === index)
      .join(' / '),
    allocations,
    challenges,
    permissions,
    channels,
    refusals,
  ];
  return `| ${columns.join(' | ')} |`;
}

/** Starts the pages and their signaling, which tell guests of coturn by every way it has. */
async function startPages(stage: Stage, internet: Internet, relayBy: Cell['relayBy']): Promise<void> {
  const relay = internet.host('relay');
  const place = { name: relayName, ipv4: relay.ipv4 ?? '', ipv6: `[${relay.ipv6}]` }[relayBy];
  const urls = [
    `turn:${place}:3478?transport=udp`,
    `turn:${place}:443?transport=tcp`,
    `turns:${place}:443?transport=tcp`,
  ];
  await stage.startProgram({
    host: internet.host('server'),
    certificate: await authority.certify([pageName], []),
    flags: [
      '--roles',
      'signaling,web',
      '--turn-secret',
      secret,
      ...urls.flatMap((url) => ['--turn-url', url]),
    ],
  });
}

async function findSettledWay(guest: Guest): Promise<CandidateSample | undefined> {
  let last: CandidateSample | undefined;
  let since = performance.now();
  return until('a way that stays the same for two seconds', async () => {
    const way = (await sampleLinks(guest))[0]?.path?.local;
    if (way?.port !== last?.port || way?.relayProtocol !== last?.relayProtocol) {
      last = way;
      since = performance.now();
    }
    const isSettled = performance.now() - since > 2_000;
    return isSettled ? { found: true, value: way } : { found: false, seen: way };
  });
}

function describeWay(way: CandidateSample | undefined): string {
  return way === undefined ? 'unknown' : `${way.type} ${way.relayProtocol ?? way.protocol}`;
}

function describeTrials(trials: readonly RelayTrial[]): string {
  return trials
    .map(({ url, relays }) => {
      const [scheme = ''] = url.split(':');
      const way = scheme === 'turns' ? 'tls' : (url.split('=')[1] ?? '');
      return `${way} ${relays}`;
    })
    .join(', ');
}

function waitForConnections(guest: Guest, count: number): Promise<number[]> {
  return until(
    `${guest.label} to have ${count} connections`,
    async () => {
      const times = await guest.evaluate(() => [...window.callboxProbe.connectMs], null);
      const known = times.filter((time) => time !== null);
      return known.length >= count ? { found: true, value: known } : { found: false, seen: times };
    },
    60_000,
  );
}
