import type { IncomingMessage } from 'node:http';
import type { Approach, SignalingServer } from '@callbox/signaling';
import type { TurnServer, TurnStream } from '@callbox/turn';
import { answerHttpChallenge } from '../acme/answer-http-challenge.ts';
import type { ChallengeResponses } from '../acme/challenge-responses.ts';
import { createTlsAlpnResponder } from '../acme/tls-alpn-responder.ts';
import { createAuthorityHandler } from '../certificate/create-authority-handler.ts';
import type { CertificateKeeper } from '../certificate/create-certificate-keeper.ts';
import type { Config } from '../config/config.ts';
import { keyOf } from '../config/option-names.ts';
import type { PortName } from '../config/value-types.ts';
import type { ExtensionDoor } from '../extension.ts';
import type { CheckHandler } from '../http/create-check-handler.ts';
import type { PageHandler } from '../http/create-page-handler.ts';
import { createRedirectHandler } from '../http/create-redirect-handler.ts';
import { createRequestHandler } from '../http/create-request-handler.ts';
import { createUpgradeHandler } from '../http/create-upgrade-handler.ts';
import type { AddressSet } from '../network/address-set.ts';
import { StartError } from '../start-error.ts';
import type { Readiness } from '../turn/create-readiness.ts';
import { planRelayPorts, type RelayPort } from '../turn/plan-relay-ports.ts';
import { explainListenFailure } from './explain-listen-failure.ts';
import { ListenError } from './listen-error.ts';
import { createPortSplitter, type PortSplitter, type PortSplitterOptions } from './port-splitter.ts';

export interface PortsOptions {
  readonly config: Config;
  /** Undefined where somebody else sees to encryption. */
  readonly certificate: CertificateKeeper | undefined;
  /** What certificate authorities look for. */
  readonly responses: ChallengeResponses;
  /** Takes connections of the relay's clients on every port; undefined where it does not run here. */
  readonly relay: Pick<TurnServer, 'acceptStream'> | undefined;
  readonly proxies: AddressSet;
  readonly readApproach: (request: IncomingMessage) => Approach;
  /** What `/healthz` tells; undefined until everything listens. */
  readonly health: () => Readonly<Record<string, unknown>> | undefined;
  readonly readiness: () => Promise<Readiness>;
}

/** What is served on a port, beside the relay and health. */
export interface PortParts {
  readonly signaling?: SignalingServer | undefined;
  readonly serveCheck?: CheckHandler | undefined;
  readonly servePage?: PageHandler | undefined;
  readonly extensions?: readonly ExtensionDoor[];
}

/** The TCP ports of the program. Opening one rejects with a `StartError`. */
export interface Ports {
  /** Those that take clients of any kind, by name. */
  readonly opened: ReadonlyMap<PortName, number>;
  /** Opens a port, and returns its number: that of the configuration may be 0. */
  readonly open: (name: 'port' | 'signalPort', parts: PortParts) => Promise<number>;
  /** Opens what the relay has for itself. */
  readonly openRelayPorts: () => Promise<void>;
  /**
   * Opens the port of plain HTTP, which leads to that of the pages. The server does without it where it has to: a certificate
   * can be had without it. Returns why it is not open, in words for the operator.
   */
  readonly openHttp: (port: number, pagePort: number) => Promise<string | undefined>;
  readonly stop: () => Promise<void>;
}

/** Where a port is opened, and what it takes of the relay's clients; all that come if nothing is said. */
interface PortPlace extends Pick<RelayPort, 'port' | 'address'>, Partial<Pick<RelayPort, 'takes'>> {
  readonly key: string;
}

/** Makes the ports, none of which is open yet. */
export function createPorts(options: PortsOptions): Ports {
  const { config, certificate, responses, relay, proxies, readApproach } = options;
  const challenges = createTlsAlpnResponder(responses.tls);
  const splitters: PortSplitter[] = [];
  const opened = new Map<PortName, number>();

  function createSplitter(splitterOptions: PortSplitterOptions): PortSplitter {
    const { onRequest } = splitterOptions;
    const splitter = createPortSplitter({
      ...splitterOptions,
      onRequest: (request, response) => {
        if (!answerHttpChallenge(responses.http, request, response)) onRequest(request, response);
      },
    });
    splitters.push(splitter);
    return splitter;
  }

  function createAnswer(parts: PortParts) {
    return createRequestHandler({
      signaling: parts.signaling,
      extensions: parts.extensions ?? [],
      serveAuthority: createAuthorityHandler({
        find: (host) => (parts.servePage === undefined ? undefined : certificate?.findLocal(host)),
        readApproach,
      }),
      serveCheck: parts.serveCheck,
      servePage: parts.servePage,
      readApproach,
      basePath: config.basePath,
      isHttpOnly: config.httpOnly,
      health: options.health,
      readiness: options.readiness,
    });
  }

  async function openAt(name: PortName, parts: PortParts, at: PortPlace): Promise<number> {
    const takeTurn = (connection: TurnStream): void => {
      if (at.takes?.includes(connection.transport) === false) connection.stream.destroy();
      else relay?.acceptStream(connection);
    };
    const splitter = createSplitter({
      onRequest: createAnswer(parts),
      onUpgrade: createUpgradeHandler([parts.signaling, ...(parts.extensions ?? [])], config.basePath),
      onTurn: relay === undefined ? undefined : takeTurn,
      keyPair: certificate?.keyPair,
      localKeyPair: certificate?.localKeyPair,
      proxies,
      expectsProxyHeader: config.proxyProtocol.includes(name),
      challenges,
      limits: { perAddress: config.sourceConnections },
    });
    certificate?.onChanged(() => splitter.setKeyPair(certificate.keyPair, certificate.localKeyPair));
    try {
      await splitter.listen(at.port, at.address);
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      const { port, reason } = error;
      const addressFlag = at.address === config.host ? '--host' : '--turn-listen';
      const place = { transport: 'tcp' as const, address: at.address, port, flag: `--${at.key}` };
      throw new StartError(explainListenFailure({ ...place, addressFlag, reason }), { cause: error });
    }
    if (at.takes?.includes('tcp') !== false) opened.set(name, splitter.port);
    return splitter.port;
  }

  return {
    opened,
    open: (name, parts) =>
      openAt(name, parts, { port: config[name], address: config.host, key: keyOf(name) }),
    async openRelayPorts() {
      for (const place of planRelayPorts(config)) await openAt('turnPort', {}, place);
    },
    async openHttp(port, pagePort) {
      const splitter = createSplitter({
        onRequest: createRedirectHandler(pagePort),
        onUpgrade: (_request, socket) => socket.destroy(),
        onTurn: undefined,
        keyPair: undefined,
      });
      try {
        await splitter.listen(port, config.host);
        return undefined;
      } catch (error) {
        if (!(error instanceof ListenError)) throw error;
        const { reason } = error;
        return `${explainListenFailure({ transport: 'tcp', address: config.host, port, reason, flag: '--http-port' })}. Until then nobody is led from http: to https:.`;
      }
    },
    async stop() {
      await Promise.all(splitters.map((splitter) => splitter.stop()));
    },
  };
}
