import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { IceGrant, ParticipantId, RoomName } from '@callbox/contract';
import { createSignalingServer, type Approach, type SignalingServer } from '@callbox/signaling';
import { ListenError as TurnListenError, type Logger, type TurnStream } from '@callbox/turn';
import type { AdminDoor } from './admin/open-admin-door.ts';
import { serveAdmin } from './admin/serve-admin.ts';
import { answerHttpChallenge } from './acme/answer-http-challenge.ts';
import { createChallengeResponses } from './acme/challenge-responses.ts';
import { createTlsAlpnResponder } from './acme/tls-alpn-responder.ts';
import { createAuthorityHandler, fingerprintOf } from './certificate/create-authority-handler.ts';
import type { CertificateKeeper } from './certificate/create-certificate-keeper.ts';
import { asksForCertificate } from './config/asks-for-certificate.ts';
import { listContainerAddresses } from './certificate/list-container-addresses.ts';
import { findNotices } from './config/check-config.ts';
import type { Config } from './config/config.ts';
import { keyOf } from './config/option-names.ts';
import type { PortName } from './config/value-types.ts';
import type { ExtensionDoor } from './extension.ts';
import { extensions } from './extensions.ts';
import { createCheckHandler, type CheckHandler } from './http/create-check-handler.ts';
import { createApproachReader } from './http/create-approach-reader.ts';
import { createOriginCheck } from './http/create-origin-check.ts';
import { createPageHandler, type PageHandler } from './http/create-page-handler.ts';
import { createRedirectHandler } from './http/create-redirect-handler.ts';
import { createRequestHandler } from './http/create-request-handler.ts';
import { createUpgradeHandler } from './http/create-upgrade-handler.ts';
import { findPageDirectory } from './http/find-page-directory.ts';
import { createIceServerIssuer, lifetimeForChecksSeconds } from './ice-servers/create-ice-server-issuer.ts';
import { isEverywhere, isLoopback } from './network/address-kind.ts';
import { compareAddresses } from './network/compare-addresses.ts';
import { createAddressSet } from './network/address-set.ts';
import type { RelayPlace } from './ice-servers/list-relay-urls.ts';
import { listHosts } from './list-hosts.ts';
import type { AddressBook } from './network/address-book.ts';
import { createBrowserAddresses, type BrowserAddresses } from './network/browser-addresses.ts';
import type { PublicAddressBook } from './network/public-address-book.ts';
import { explainListenFailure, type ListenFailure } from './port/explain-listen-failure.ts';
import { ListenError } from './port/listen-error.ts';
import { createPortSplitter, type PortSplitter } from './port/port-splitter.ts';
import { readProgramVersion } from './program-version.ts';
import { StartError } from './start-error.ts';
import { openRoomJournal, type RoomJournalFiles } from './journal/open-room-journal.ts';
import { findSurroundings, type Surroundings } from './surroundings.ts';
import type { CertificateFacts, StartUpFacts } from './start-up-text.ts';
import { createRelay, type Relay } from './turn/create-relay.ts';
import { createReadiness, type Readiness } from './turn/create-readiness.ts';
import { listOwnPlaces } from './turn/list-own-places.ts';
import { planRelayPorts, type RelayPort } from './turn/plan-relay-ports.ts';
import { listRelayDoors } from './turn/list-relay-doors.ts';

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

/** Where a port is opened, and what it takes of the relay's clients; all that come if nothing is said. */
interface PortPlace extends Pick<RelayPort, 'port' | 'address'>, Partial<Pick<RelayPort, 'takes'>> {
  readonly key: string;
}

/** What is served on a port, beside the relay and health. */
interface PortParts {
  readonly signaling?: SignalingServer | undefined;
  readonly servePage?: PageHandler | undefined;
  readonly extensions?: readonly ExtensionDoor[];
  readonly readiness: () => Promise<Readiness>;
}

function cannotListen(failure: ListenFailure, cause: Error): StartError {
  return new StartError(explainListenFailure(failure), { cause });
}

function describeCertificate(config: Config, certificate: CertificateKeeper | undefined): CertificateFacts {
  const authority = certificate?.origin === 'self-signed' ? certificate.findLocal('')?.authority : undefined;
  return {
    isTrusted: certificate === undefined ? undefined : certificate.origin !== 'self-signed',
    askedFrom: asksForCertificate(config) ? new URL(config.acmeDirectory).hostname : undefined,
    authorityFingerprint: authority === undefined ? undefined : fingerprintOf(authority),
  };
}

/** Puts the parts together after the configuration, and starts and stops them as one. */
export function createProgram(config: Config, options: ProgramOptions): Program {
  const { logger } = options;
  const has = (role: Config['roles'][number]): boolean => config.roles.includes(role);
  const splitters: PortSplitter[] = [];
  /** The ports that were opened, in that order. */
  const ports = new Map<PortName, number>();
  let relay: Relay | undefined;
  let adminDoor: AdminDoor | undefined;
  let signaling: SignalingServer | undefined;
  let journal: RoomJournalFiles | undefined;
  let check: CheckHandler | undefined;
  let doors: readonly ExtensionDoor[] = [];
  let certificate: CertificateKeeper | undefined;
  let addresses: AddressBook | undefined;
  let publicAddresses: PublicAddressBook | undefined;
  const responses = createChallengeResponses();
  const challenges = createTlsAlpnResponder(responses.tls);
  /** By this, whoever comes by a name can tell whether it leads to this very server. */
  const instance = randomUUID();
  let isReady = false;

  async function startTurn(surroundings: Surroundings): Promise<void> {
    const { secrets, addresses, publicAddresses, directory } = surroundings;
    relay = await createRelay({
      config,
      secrets,
      local: addresses.current(),
      publicAddresses: publicAddresses.current().map(({ address }) => address),
      directory,
      logger,
      onOpenChange: () => signaling?.renewIceServers(),
    });
    try {
      await relay.server.start();
    } catch (error) {
      if (!(error instanceof TurnListenError)) throw error;
      const { transport, address, port, code: reason } = error;
      const addressFlag = config.turnListen.length > 0 ? '--turn-listen' : '--host';
      throw cannotListen({ transport, address, port, reason, flag: '--turn-port', addressFlag }, error);
    }
  }

  const isOriginAllowed = createOriginCheck(config.allowOrigin);
  const proxies = createAddressSet(config.trustedProxy);
  const readApproach = createApproachReader({ ...config, proxies });

  function describeRelay({ addresses, publicAddresses, certificate }: Surroundings): RelayPlace {
    const { host, turnListen } = config;
    const [nearest] = addresses.current().network;
    const chosen = turnListen.find((address) => !isEverywhere(address) && !isLoopback(address));
    const isAnywhere = turnListen.length === 0 ? isEverywhere(host) : turnListen.some(isEverywhere);
    return {
      turnPort: config.turnPort,
      turnTransports: config.turnTransports,
      turnHost: config.turnHost,
      fallbackHost: publicAddresses.current()[0]?.address ?? chosen ?? nearest ?? '127.0.0.1',
      networkAddress: isAnywhere ? nearest : chosen,
      ...listOwnPlaces(config, addresses.current(), publicAddresses.current()),
      isTrustedFor: (name) => certificate?.isTrustedFor(name) === true,
    };
  }

  function createIssuer(surroundings: Surroundings, lifetimeSeconds?: number) {
    const { secrets } = surroundings;
    return createIceServerIssuer({
      findRelay: () => (has('turn') ? describeRelay(surroundings) : undefined),
      turnUrls: config.turnUrl,
      iceServers: config.iceServer,
      turnOrigins: config.turnOrigin,
      secret: config.turnSecret[0] ?? secrets.sharedSecret,
      isRelayOpen: () => relay?.isOpen() ?? true,
      ...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds }),
      now: Date.now,
    });
  }

  /** Learns from guests how they reach us. */
  function listenToGuests({ addresses, publicAddresses, directory }: Surroundings): BrowserAddresses {
    return createBrowserAddresses({
      directory,
      isKnown: (address) =>
        addresses.current().network.includes(address) ||
        publicAddresses.current().some((known) => known.address === address),
      onFound: (address) =>
        logger.warn('guests come by a public address that nobody has told: the next start will believe it', {
          flag: `--public-address ${address}`,
        }),
    });
  }

  async function startSignaling(surroundings: Surroundings): Promise<SignalingServer> {
    journal = await openRoomJournal({ directory: join(config.dataDir, 'rooms'), logger });
    const issue = createIssuer(surroundings);
    const guests = listenToGuests(surroundings);
    return createSignalingServer({
      maxParticipants: config.maxParticipants,
      graceSeconds: config.grace,
      journal,
      issueIceServers: (request) => {
        guests.note(request);
        const grant = issue(request);
        // What was allocated at our own relay does not outlive this run of it.
        return has('turn') ? { ...grant, relayInstanceId: instance } : grant;
      },
      isOriginAllowed,
      readApproach,
      onPresence: (presence) => relay?.onPresence(presence),
      logger,
    });
  }

  /** ICE servers for a room and a participant that nobody else is or will be: what is relayed reaches them alone. */
  function createNobodysIssuer(surroundings: Surroundings): (approach: Approach) => IceGrant {
    const issue = createIssuer(surroundings, lifetimeForChecksSeconds);
    return (approach) => {
      const nobody = `check-${randomUUID()}`;
      return issue({ ...approach, participantId: nobody as ParticipantId, room: nobody as RoomName });
    };
  }

  function createCheck(surroundings: Surroundings): CheckHandler {
    return createCheckHandler({
      readVisit: readApproach,
      issue: createNobodysIssuer(surroundings),
      isOriginAllowed,
      now: Date.now,
    });
  }

  function openDoors(surroundings: Surroundings): readonly ExtensionDoor[] {
    const issueForStranger = createNobodysIssuer(surroundings);
    return extensions.map(({ openDoor }) =>
      openDoor({ config, signaling, issueForStranger, readApproach, isOriginAllowed, logger }),
    );
  }

  function preparePages(surroundings: Surroundings): PageHandler {
    const { certificate } = surroundings;
    const directory = options.pageDirectory ?? findPageDirectory();
    if (directory === undefined)
      throw new StartError('the pages are not built yet; npm run build builds them');
    return createPageHandler({
      directory,
      signalingUrl: config.signalingUrl,
      // Behind a proxy only that knows where others come in.
      findInviteHost: () => (config.httpOnly ? undefined : listHosts(config, surroundings)[0]),
      basePath: config.basePath,
      readApproach,
      offersAuthorityFor: (name) => certificate?.findLocal(name) !== undefined,
      isTrustedFor: (name) => certificate?.isPubliclyTrustedFor(name) === true,
    });
  }

  /** What is made for each guest anew follows by itself, and so does where the relay listens. */
  function followAddresses({ addresses, publicAddresses }: Surroundings): void {
    const followRelay = (): void =>
      relay?.follow(
        addresses.current(),
        publicAddresses.current().map(({ address }) => address),
      );
    addresses.onChanged((before) => {
      const now = addresses.current();
      const { come, gone, isMainChanged, isNews } = compareAddresses(
        before.network,
        now.network,
        listContainerAddresses(),
      );
      if (isNews) logger.info('the addresses of this machine have changed', { gone, come });
      // Another network may mean another address on the internet.
      void publicAddresses.look().then(followRelay);
      if (isMainChanged) signaling?.renewIceServers();
    });
    publicAddresses.onChanged(() => {
      followRelay();
      signaling?.renewIceServers();
    });
  }

  function lookForReadiness(surroundings: Surroundings): () => Promise<Readiness> {
    const issue = createNobodysIssuer(surroundings);
    return createReadiness({
      isListening: () => isReady,
      doors: () => (relay === undefined ? [] : listRelayDoors(config, ports)),
      issue: () => issue({ remoteAddress: '', host: '', secure: false, isProxied: false }),
      now: performance.now.bind(performance),
    });
  }

  async function openPort(
    name: PortName,
    { certificate }: Surroundings,
    parts: PortParts,
    at: PortPlace = { port: config[name], address: config.host, key: keyOf(name) },
  ): Promise<number> {
    const server = relay?.server;
    const takeTurn = (connection: TurnStream): void => {
      if (at.takes?.includes(connection.transport) === false) connection.stream.destroy();
      else server?.acceptStream(connection);
    };
    const serveAuthority = createAuthorityHandler({
      find: (host) => (parts.servePage === undefined ? undefined : certificate?.findLocal(host)),
      readApproach,
    });
    const answer = createRequestHandler({
      signaling: parts.signaling,
      extensions: parts.extensions ?? [],
      serveAuthority,
      serveCheck: parts.signaling === undefined ? undefined : check,
      servePage: parts.servePage,
      readApproach,
      basePath: config.basePath,
      isHttpOnly: config.httpOnly,
      health: () => (isReady ? { status: 'ok', roles: config.roles, instance } : undefined),
      readiness: parts.readiness,
    });
    const splitter = createPortSplitter({
      onRequest: (request, response) => {
        if (!answerHttpChallenge(responses.http, request, response)) answer(request, response);
      },
      onUpgrade: createUpgradeHandler([parts.signaling, ...(parts.extensions ?? [])], config.basePath),
      onTurn: server === undefined ? undefined : takeTurn,
      keyPair: certificate?.keyPair,
      localKeyPair: certificate?.localKeyPair,
      proxies,
      expectsProxyHeader: config.proxyProtocol.includes(name),
      challenges,
      limits: { perAddress: config.sourceConnections },
    });
    splitters.push(splitter);
    certificate?.onChanged(() => splitter.setKeyPair(certificate.keyPair, certificate.localKeyPair));
    try {
      await splitter.listen(at.port, at.address);
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      const { port, reason } = error;
      const addressFlag = at.address === config.host ? '--host' : '--turn-listen';
      const where = {
        transport: 'tcp' as const,
        address: at.address,
        port,
        flag: `--${at.key}`,
        addressFlag,
      };
      throw cannotListen({ ...where, reason }, error);
    }
    if (at.takes?.includes('tcp') !== false) ports.set(name, splitter.port);
    return splitter.port;
  }

  /** Opens the port of plain HTTP. The server does without it where it has to: a certificate can be had without it. */
  async function openHttpPort(port: number, pagePort: number): Promise<string | undefined> {
    const redirect = createRedirectHandler(pagePort);
    const splitter = createPortSplitter({
      onRequest: (request, response) => {
        if (!answerHttpChallenge(responses.http, request, response)) redirect(request, response);
      },
      onUpgrade: (_request, socket) => socket.destroy(),
      onTurn: undefined,
      keyPair: undefined,
    });
    splitters.push(splitter);
    try {
      await splitter.listen(port, config.host);
      return undefined;
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      const { reason } = error;
      return `${explainListenFailure({ transport: 'tcp', address: config.host, port, reason, flag: '--http-port' })}. Until then nobody is led from http: to https:.`;
    }
  }

  function openDoor(): Promise<AdminDoor | undefined> {
    const startedAtMs = performance.now();
    return serveAdmin({
      dataDirectory: config.dataDir,
      status: () => ({
        version: readProgramVersion(),
        roles: config.roles,
        uptimeSeconds: Math.floor((performance.now() - startedAtMs) / 1_000),
        rooms: signaling?.counts(),
        extensions: doors.map((extension) => extension.status()),
        relay: relay?.status(),
      }),
      relay: () => relay,
      logger,
    });
  }

  async function startParts(): Promise<StartUpFacts> {
    const surroundings = await findSurroundings(config, responses, logger);
    certificate = surroundings.certificate;
    addresses = surroundings.addresses;
    publicAddresses = surroundings.publicAddresses;
    followAddresses(surroundings);
    const servePage = has('web') ? preparePages(surroundings) : undefined;
    if (has('turn')) await startTurn(surroundings);
    if (has('signaling')) {
      signaling = await startSignaling(surroundings);
      check = createCheck(surroundings);
    }
    const readiness = lookForReadiness(surroundings);
    if (has('signaling') || has('web')) doors = openDoors(surroundings);
    const parts = { signaling, servePage, extensions: doors, readiness };
    const port = has('web') ? await openPort('port', surroundings, parts) : undefined;
    const signalPort = has('signaling')
      ? await openPort('signalPort', surroundings, { signaling, extensions: doors, readiness })
      : undefined;
    for (const place of has('turn') ? planRelayPorts(config) : []) {
      await openPort('turnPort', surroundings, { readiness }, place);
    }
    // What is told of the relay depends on whether browsers trust the certificate.
    certificate?.onChanged(() => signaling?.renewIceServers());
    const { httpPort } = config;
    const missingHttp =
      httpPort === undefined ? undefined : await openHttpPort(httpPort, port ?? config.port);
    certificate?.start();
    adminDoor = await openDoor();
    isReady = true;
    if (relay !== undefined) {
      const { plane, planeDetails } = relay.server;
      logger.info('the data plane of the relay', { plane, ...planeDetails });
    }
    return {
      config,
      port,
      signalPort,
      isOnLoopback: isEverywhere(config.host) || isLoopback(config.host ?? ''),
      hosts: listHosts(config, surroundings),
      publicAddresses: surroundings.publicAddresses.current(),
      httpPort: missingHttp === undefined ? httpPort : undefined,
      certificate: describeCertificate(config, certificate),
      notices: [...findNotices(config), ...(missingHttp === undefined ? [] : [missingHttp])],
    };
  }

  async function close(): Promise<void> {
    isReady = false;
    certificate?.stop();
    addresses?.stop();
    publicAddresses?.stop();
    const farewell = new Promise((resolve) => setTimeout(resolve, farewellMs).unref());
    await Promise.race([
      Promise.all([signaling?.close(), ...doors.map((extension) => extension.close())]),
      farewell,
    ]);
    await Promise.all([...splitters.map((splitter) => splitter.stop()), relay?.stop(), adminDoor?.close()]);
    // Rooms stay written down: after an upgrade everybody is back in theirs.
    await journal?.close();
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
    relayFigures: () => ({ ...relay?.server.counters(), ...relay?.server.gauges() }),
  };
}
