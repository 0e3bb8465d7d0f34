import type { Socket } from 'node:net';
import {
  createSecureContext,
  createServer,
  type SecureContext,
  type Server,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import { TLS_SETTINGS } from '@callbox/turn';
import { createCertificateChoice, type CertificateKind } from './choose-certificate.ts';
import type { KeyPair } from './port-splitter.ts';

export interface TlsDoorOptions {
  readonly handshakeMs: number;
  readonly onSecured: (socket: TLSSocket) => void;
}

/** Ends TLS within connections, with the certificate that is right for each. */
export interface TlsDoor {
  /** Begins the handshake. Reads from the socket's handle itself: the socket stays paused. */
  readonly secure: (socket: Socket) => void;
  /** Serves other certificates from the next handshake on; connections that exist are left alone. */
  readonly setKeyPairs: (main: KeyPair, local: KeyPair | undefined) => void;
}

type Served = Readonly<Record<CertificateKind, SecureContext>> & {
  readonly choose: (name: string | undefined, remoteAddress: string) => CertificateKind;
};

/** RFC 7443 lets a TURN client say so in ALPN; browsers do not. HTTP is 1.1: WebSocket needs it. */
function chooseAlpn({ protocols }: { readonly protocols: readonly string[] }): string | undefined {
  return ['http/1.1', 'stun.turn'].find((protocol) => protocols.includes(protocol));
}

function load(main: KeyPair, local: KeyPair | undefined): Served {
  const mainContext = createSecureContext({ ...TLS_SETTINGS, ...main });
  if (local === undefined) return { main: mainContext, local: mainContext, choose: () => 'main' };
  return {
    main: mainContext,
    local: createSecureContext({ ...TLS_SETTINGS, ...local }),
    choose: createCertificateChoice(main.cert, local.cert),
  };
}

/** @param local shown to whoever comes by a name or an address for which `main` does not stand. */
export function createTlsDoor(main: KeyPair, local: KeyPair | undefined, options: TlsDoorOptions): TlsDoor {
  let served = load(main, local);

  /** Node asks for a certificate by name only where the client gives one; so there is a server for each that does not. */
  function open(keyPair: KeyPair): Server {
    const settings: TlsOptions = {
      ...TLS_SETTINGS,
      ...keyPair,
      handshakeTimeout: options.handshakeMs,
      ALPNCallback: chooseAlpn,
      SNICallback: (name, done) => done(null, served[served.choose(name, '')]),
    };
    const server = createServer(settings);
    server.on('secureConnection', options.onSecured);
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }

  const servers: Readonly<Record<CertificateKind, Server>> = { main: open(main), local: open(local ?? main) };
  return {
    secure: (socket) =>
      void servers[served.choose(undefined, socket.remoteAddress ?? '')].emit('connection', socket),
    setKeyPairs(nextMain, nextLocal) {
      served = load(nextMain, nextLocal);
      servers.main.setSecureContext({ ...TLS_SETTINGS, ...nextMain });
      servers.local.setSecureContext({ ...TLS_SETTINGS, ...(nextLocal ?? nextMain) });
    },
  };
}
