import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SignalingServer } from '@callbox/signaling';
import type { Logger } from '@callbox/turn';
import { createChallengeResponses } from './acme/challenge-responses.ts';
import type { AdminDoor } from './admin/open-admin-door.ts';
import { serveAdmin } from './admin/serve-admin.ts';
import { describeCertificate } from './certificate/describe-certificate.ts';
import { claimDataDirectory, type ClaimedDirectory } from './claim-data-directory.ts';
import { findNotices } from './config/check-config.ts';
import type { Config } from './config/config.ts';
import { createPages } from './create-pages.ts';
import { createSignaling } from './create-signaling.ts';
import type { ExtensionDoor } from './extension.ts';
import { extensions } from './extensions.ts';
import { followAddresses } from './follow-addresses.ts';
import { createApproachReader } from './http/create-approach-reader.ts';
import { createCheckHandler } from './http/create-check-handler.ts';
import { createOriginCheck } from './http/create-origin-check.ts';
import { createIssuers, type Issuers } from './ice-servers/create-issuers.ts';
import { openRoomJournal, type RoomJournalFiles } from './journal/open-room-journal.ts';
import { listHosts } from './list-hosts.ts';
import { createAddressSet } from './network/address-set.ts';
import { isEverywhere, isLoopback } from './network/address-kind.ts';
import { createPorts, type Ports } from './port/create-ports.ts';
import { readProgramVersion } from './program-version.ts';
import type { StartUpFacts } from './start-up-text.ts';
import { findSurroundings, type Surroundings } from './surroundings.ts';
import type { Relay } from './turn/create-relay.ts';
import { createReadiness } from './turn/create-readiness.ts';
import { listRelayDoors } from './turn/list-relay-doors.ts';
import { startRelay } from './turn/start-relay.ts';

export interface ProgramOptions {
  readonly logger: Logger;
  /** Directory of the built pages; found by itself where they are in their usual place. */
  readonly pageDirectory?: string;
}

/** Everything that `callbox start` runs, in one object. */
export interface Program {
  /**
   * Starts the parts that the configuration names. Rejects with a `StartError` or a `ConfigError`; then nothing is left
   * running.
   */
  readonly start: () => Promise<StartUpFacts>;
  /** Ends all connections and closes all ports, also those that a start under way is still opening. */
  readonly stop: () => Promise<void>;
  /** What the relay has counted since the start, and what there is of it now, by name; empty where none runs here. */
  readonly relayFigures: () => Readonly<Record<string, number>>;
}

/** How long people's browsers get to hear that the server goes away, before their connections are cut. */
const farewellMs = 300;

/** What has been started; what is missing has not been yet, or does not run here. */
interface Running {
  directory?: ClaimedDirectory;
  surroundings?: Surroundings;
  relay?: Relay;
  journal?: RoomJournalFiles;
  signaling?: SignalingServer;
  doors: readonly ExtensionDoor[];
  ports?: Ports;
  adminDoor?: AdminDoor | undefined;
  /** Everything listens. */
  isReady: boolean;
}

/** Puts the parts together after the configuration, and starts and stops them as one. */
export function createProgram(config: Config, { logger, pageDirectory }: ProgramOptions): Program {
  const has = (role: Config['roles'][number]): boolean => config.roles.includes(role);
  const running: Running = { doors: [], isReady: false };
  /** By this, whoever comes by a name can tell whether it leads to this very server. */
  const instance = randomUUID();
  const proxies = createAddressSet(config.trustedProxy);
  const readApproach = createApproachReader({ ...config, proxies });
  const isOriginAllowed = createOriginCheck(config.allowOrigin);
  const responses = createChallengeResponses();
  const renewIceServers = (): void => running.signaling?.renewIceServers();

  /** Claims the data directory and looks around: what the parts are made of. */
  async function prepare(): Promise<Surroundings> {
    running.directory = await claimDataDirectory(config.dataDir);
    const surroundings = await findSurroundings(config, running.directory, responses, logger);
    running.surroundings = surroundings;
    followAddresses(surroundings, {
      relay: () => running.relay,
      onIceServersChanged: renewIceServers,
      logger,
    });
    return surroundings;
  }

  async function openRelay({ secrets, addresses, publicAddresses, directory }: Surroundings): Promise<void> {
    running.relay = await startRelay({
      config,
      secrets,
      local: addresses.current(),
      publicAddresses: publicAddresses.current().map(({ address }) => address),
      directory,
      logger,
      onOpenChange: renewIceServers,
    });
  }

  async function openSignaling(surroundings: Surroundings, issuers: Issuers): Promise<void> {
    const journal = await openRoomJournal({ directory: join(config.dataDir, 'rooms'), logger });
    running.journal = journal;
    running.signaling = createSignaling({
      config,
      surroundings,
      journal,
      issue: issuers.forParticipant,
      relayInstanceId: has('turn') ? instance : undefined,
      onPresence: (presence) => running.relay?.onPresence(presence),
      isOriginAllowed,
      readApproach,
      logger,
    });
  }

  function makePorts({ certificate }: Surroundings, issuers: Issuers): Ports {
    const ports = createPorts({
      config,
      certificate,
      responses,
      relay: running.relay?.server,
      proxies,
      readApproach,
      health: () => (running.isReady ? { status: 'ok', roles: config.roles, instance } : undefined),
      readiness: createReadiness({
        isListening: () => running.isReady,
        doors: () => (running.relay === undefined ? [] : listRelayDoors(config, ports.opened)),
        issue: () => issuers.forNobody({ remoteAddress: '', host: '', secure: false, isProxied: false }),
        now: performance.now.bind(performance),
      }),
    });
    return ports;
  }

  function openAdmin(): Promise<AdminDoor | undefined> {
    const startedAtMs = performance.now();
    return serveAdmin({
      dataDirectory: config.dataDir,
      status: () => ({
        version: readProgramVersion(),
        roles: config.roles,
        uptimeSeconds: Math.floor((performance.now() - startedAtMs) / 1_000),
        rooms: running.signaling && {
          ...running.signaling.counts(),
          unwritten: running.journal?.countUnwritten() ?? 0,
        },
        extensions: running.doors.map((extension) => extension.status()),
        relay: running.relay?.status(),
      }),
      relay: () => running.relay,
      logger,
    });
  }

  /**
   * The relay comes before signaling, which tells guests of it, and both before the ports, by which guests come. Whatever is
   * wrong with the configuration or the machine is found on the way, and the operator's door opens when all is well.
   */
  async function startParts(): Promise<StartUpFacts> {
    const surroundings = await prepare();
    const { certificate, publicAddresses } = surroundings;
    const servePage = has('web')
      ? createPages({ config, surroundings, directory: pageDirectory, readApproach })
      : undefined;
    if (has('turn')) await openRelay(surroundings);
    const issuers = createIssuers({ config, surroundings, isRelayOpen: running.relay?.isOpen });
    if (has('signaling')) await openSignaling(surroundings, issuers);

    const { signaling } = running;
    const serveCheck = has('signaling')
      ? createCheckHandler({
          readVisit: readApproach,
          issue: issuers.forNobody,
          isOriginAllowed,
          now: Date.now,
        })
      : undefined;
    if (has('signaling') || has('web')) {
      const issueForStranger = issuers.forNobody;
      running.doors = extensions.map(({ openDoor }) =>
        openDoor({ config, signaling, issueForStranger, readApproach, isOriginAllowed, logger }),
      );
    }

    const ports = makePorts(surroundings, issuers);
    running.ports = ports;
    const parts = { signaling, serveCheck, extensions: running.doors };
    const port = has('web') ? await ports.open('port', { ...parts, servePage }) : undefined;
    const signalPort = has('signaling') ? await ports.open('signalPort', parts) : undefined;
    if (has('turn')) await ports.openRelayPorts();
    // What is told of the relay depends on whether browsers trust the certificate.
    certificate?.onChanged(renewIceServers);
    const { httpPort } = config;
    const missingHttp =
      httpPort === undefined ? undefined : await ports.openHttp(httpPort, port ?? config.port);
    certificate?.start();
    running.adminDoor = await openAdmin();
    running.isReady = true;
    if (running.relay !== undefined) {
      const { plane, planeDetails } = running.relay.server;
      logger.info('the data plane of the relay', { plane, ...planeDetails });
    }
    return {
      config,
      port,
      signalPort,
      isOnLoopback: isEverywhere(config.host) || isLoopback(config.host ?? ''),
      hosts: listHosts(config, surroundings),
      publicAddresses: publicAddresses.current(),
      httpPort: missingHttp === undefined ? httpPort : undefined,
      certificate: describeCertificate(config, certificate),
      notices: [...findNotices(config), ...(missingHttp === undefined ? [] : [missingHttp])],
    };
  }

  /** Ends what has been started: people hear of it first, and the data directory is given back last. */
  async function close(): Promise<void> {
    running.isReady = false;
    const { surroundings, signaling, doors, ports, relay, adminDoor, journal, directory } = running;
    surroundings?.certificate?.stop();
    surroundings?.addresses.stop();
    surroundings?.publicAddresses.stop();
    const farewell = new Promise((resolve) => setTimeout(resolve, farewellMs).unref());
    await Promise.race([
      Promise.all([signaling?.close(), ...doors.map((extension) => extension.close())]),
      farewell,
    ]);
    await Promise.all([ports?.stop(), relay?.stop(), adminDoor?.close()]);
    // Rooms stay written down: after an upgrade everybody is back in theirs.
    await journal?.close();
    await directory?.release();
  }

  async function startOrClose(): Promise<StartUpFacts> {
    try {
      return await startParts();
    } catch (error) {
      await close();
      throw error;
    }
  }

  let starting: Promise<StartUpFacts> | undefined;
  return {
    start: () => (starting = startOrClose()),
    async stop() {
      // What is still being opened could not be closed.
      await starting?.catch(() => {});
      await close();
    },
    relayFigures: () => ({ ...running.relay?.server.counters(), ...running.relay?.server.gauges() }),
  };
}
