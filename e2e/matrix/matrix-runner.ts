import { createChromiumGuest, launchChromium, type RunningChromium } from '../browser/chromium.ts';
import { createFirefoxHouse } from '../browser/firefox-house.ts';
import type { Guest } from '../browser/guest.ts';
import type { Internet } from '../networks/internet/create-internet.ts';
import { startProgram, type Program } from '../program/start-program.ts';
import { createTestAuthority, type TestAuthority } from '../program/test-authority.ts';
import { expectWays, isBehindFirewall, type AddressBelief, type Cell, type ServerPlace } from './cells.ts';
import {
  beliefFlags,
  createMatrixInternet,
  pageHost,
  serverAddresses,
  serverName,
} from './matrix-internet.ts';
import { tryCell, type CellResult } from './try-cell.ts';

const PAGE_PORT = 443;

/** Tries cells, and keeps between them what costs time and remembers nothing: networks, browsers without a page, servers. */
export interface MatrixRunner {
  run(cell: Cell): Promise<CellResult>;
  close(): Promise<void>;
}

interface RunningServer {
  readonly place: ServerPlace;
  readonly belief: AddressBelief;
  readonly program: Program;
}

export async function createMatrixRunner(): Promise<MatrixRunner> {
  const authority = await createTestAuthority();
  const internet = await createMatrixInternet();
  const browsers = new Map<string, Promise<RunningChromium>>();
  const firefoxes = createFirefoxHouse();
  let server: RunningServer | undefined;
  let roomCount = 0;

  async function serve(place: ServerPlace, belief: AddressBelief): Promise<Program> {
    if (server?.place === place && server.belief === belief) return server.program;
    await server?.program.stop();
    server = { place, belief, program: await startServer(internet, authority, place, belief) };
    return server.program;
  }

  async function invite(cell: Cell, index: 0 | 1): Promise<Guest> {
    const host = internet.host(cell.scene.guests[index]);
    const options = { trustedAuthority: authority.pem, host };
    if (cell.browsers[index] === 'firefox') return firefoxes.invite(host.name, options);
    const running = browsers.get(host.name) ?? launchChromium(options);
    browsers.set(host.name, running);
    return createChromiumGuest((await running).browser, host.name, options);
  }

  return {
    run: async (cell) => {
      const { scene, firewall, belief, hostForm } = cell;
      const program = await serve(scene.server, belief);
      for (const name of scene.guests) {
        const kind = isBehindFirewall(name) ? firewall : 'open';
        await internet.setFirewall(name, { kind, port: PAGE_PORT });
      }
      roomCount += 1;
      const serverHost = internet.host(scene.server);
      const urlOf = (name: string) => {
        const host = pageHost(serverHost, scene.server, internet.host(name), hostForm);
        return `https://${host}/r/cell-${roomCount}`;
      };
      const guests = await Promise.all([invite(cell, 0), invite(cell, 1)]);
      try {
        const urls = [urlOf(scene.guests[0]), urlOf(scene.guests[1])] as const;
        const result = await tryCell(guests, urls, expectWays(cell), program);
        const problems = guests.flatMap((guest) => guest.problems);
        if (problems.length > 0) throw new Error(`the pages had problems: ${problems.join('; ')}`);
        return result;
      } finally {
        await Promise.all(guests.map((guest) => guest.close()));
      }
    },
    close: async () => {
      await server?.program.stop();
      await Promise.all([...browsers.values()].map(async (running) => (await running).close()));
      await firefoxes.close();
      await internet.close();
    },
  };
}

async function startServer(
  internet: Internet,
  authority: TestAuthority,
  place: ServerPlace,
  belief: AddressBelief,
): Promise<Program> {
  const host = internet.host(place);
  return startProgram({
    host,
    certificate: await authority.certify([serverName(place)], serverAddresses(host)),
    flags: beliefFlags(host, belief),
  });
}
