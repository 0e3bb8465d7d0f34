import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits, participantIdSchema, parseWith, type IceGrant, type ParticipantId } from '@callbox/contract';
import {
  guardConnection,
  messageAllowance,
  type Approach,
  type Logger,
  type MessageMeter,
  type SignalingServer,
} from '@callbox/signaling';
import type { Socket as EngineSocket } from 'engine.io';
import { Server as SocketServer, type Socket } from 'socket.io';
import { createOldClient, type OldClient } from './old-client.ts';
import { OldEngine } from './old-engine.ts';
import {
  allowReading,
  answerPreflight,
  answerSentence,
  readOldWish,
  refuseAsEngine,
  refuseUpgrade,
  type OldQuery,
  type RefusalStatus,
} from './old-http.ts';
import { createSessionHolders, type Sender } from './session-holders.ts';

export interface OldSignalingOptions {
  /** The rooms, and who is told what in them. */
  readonly signaling: Pick<SignalingServer, 'openSession'>;
  /** Participants a room holds, as the signaling server has it. */
  readonly maxParticipants: number;
  /** ICE servers for one who is in no room yet: old pages are told of some as soon as they connect. */
  readonly issueForStranger: (approach: Approach) => IceGrant;
  /** Tells who sent a request and by which way. */
  readonly readApproach: (request: IncomingMessage) => Approach;
  /** Whether a page of this origin may connect; `origin` is undefined for clients that are no browsers. */
  readonly isOriginAllowed: (origin: string | undefined, host: string) => boolean;
  /** Whether one more connection from this address is granted now: a page that cannot read our answer tries without end. */
  readonly mayConnect: (remoteAddress: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly logger: Logger;
}

/** What the old signaling has done, by name; zeros left out. */
export type OldCounters = Readonly<Record<string, number>>;

/** Signaling for old clients, without a port of its own: the program gives it requests and upgrades. */
export interface OldSignaling {
  /** Answers the request if it is for the old signaling, and says whether it was. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes over the upgrade if it is for the old signaling, and says whether it was. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  status(): { readonly clients: number; readonly counters: OldCounters };
  /** Ends all connections. */
  close(): Promise<void>;
}

/** The client asks, the server answers: a dead server is noticed after both. */
const pingIntervalMs = 10_000;
/** A page in the background may be left a turn once a minute only, and then it must still be there. */
const pingTimeoutMs = 60_000;
/** How long a connection may stay without having shown what it is. */
const connectTimeoutMs = 10_000;
/** How long `close` waits for clients to end their side. */
const closeGraceMs = 1_000;
/** Refused origins that are spoken of in the log: those of a flood are not. */
const mostOriginsTold = 20;

const unsupportedRevision = { code: 5, message: 'Unsupported protocol version' } as const;
const badRequest = { code: 3, message: 'Bad request' } as const;
const unknownSession = { code: 1, message: 'Session ID unknown' } as const;

/** Why a request is turned away. */
type Refusal =
  | { readonly status: Exclude<RefusalStatus, 400>; readonly sentence: string }
  | { readonly status: 400; readonly code: number; readonly message: string };

export function createOldSignaling(options: OldSignalingOptions): OldSignaling {
  const { signaling, readApproach, logger } = options;
  const clients = new Map<string, OldClient>();
  const holders = createSessionHolders();
  const counters = new Map<string, number>();
  const meters = new WeakMap<EngineSocket, MessageMeter>();
  const upgraded = new Set<Duplex>();
  const originsTold = new Set<string>();
  let isClosing = false;
  let closed: Promise<void> | null = null;

  const engine = new OldEngine({
    transports: ['polling', 'websocket'],
    allowEIO3: true,
    maxHttpBufferSize: limits.messageBytes,
    // The old server compressed, and most of its time went there.
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: pingIntervalMs,
    pingTimeout: pingTimeoutMs,
  });
  const allowance = messageAllowance(options.maxParticipants);
  engine.on('connection', (connection: EngineSocket) => {
    const { id } = connection as EngineSocket & { readonly id: string };
    meters.set(connection, guardConnection(connection, allowance, logger));
    holders.hold(id, senderOf(connection.request));
    connection.once('close', () => holders.forget(id));
  });
  const sockets = new SocketServer({ serveClient: false, connectTimeout: connectTimeoutMs });
  sockets.bind(engine);
  sockets.on('connection', welcome);

  function count(what: string): void {
    counters.set(what, (counters.get(what) ?? 0) + 1);
  }

  function senderOf(request: IncomingMessage): Sender {
    return {
      remoteAddress: readApproach(request).remoteAddress,
      userAgent: request.headers['user-agent'] ?? '',
    };
  }

  function welcome(socket: Socket): void {
    const approach = readApproach(socket.request);
    const id = idOf(socket);
    const session = signaling.openSession({
      ...approach,
      participantId: id,
      dialect: 'plain',
      notify: (notice) => client.handleNotice(notice),
      close: () => queueMicrotask(() => socket.disconnect(true)),
    });
    const client = createOldClient({
      id,
      session,
      emit: (name, body) => void socket.emit(name, body),
      findOld: (other) => clients.get(other),
      count,
      later: (act, delayMs) => void setTimeout(act, delayMs).unref(),
      now: options.now ?? Date.now,
      logger,
    });
    clients.set(id, client);
    count('clients_connected');
    logger.info('an old client connected', { clients: clients.size });
    const meter = meters.get(socket.conn);
    socket.onAny((name: unknown, ...args: unknown[]) => {
      // A batch may still hold events after the one that ended the connection.
      if (!socket.connected) return;
      if (meter?.isLimited() === true) refuseForHaste(args);
      else void client.handleEvent(name, args);
    });
    socket.on('disconnect', () => {
      clients.delete(id);
      logger.info('an old client disconnected', { clients: clients.size });
      // A server that goes away says nothing about who has left.
      if (!isClosing) client.end();
    });
    client.offerIceServers(issueForStranger(approach));
  }

  function issueForStranger(approach: Approach): IceGrant {
    try {
      return options.issueForStranger(approach);
    } catch (error) {
      // Inside a room there are others.
      logger.error('an old client gets no ICE servers before it is in a room', { error });
      return { iceServers: [], lifetimeSeconds: 0 };
    }
  }

  function refuseForHaste(args: readonly unknown[]): void {
    count('dropped_rate_limited');
    const last = args.at(-1);
    if (typeof last === 'function') last('rate-limited');
  }

  function isAllowed(origin: string | undefined, host: string): boolean {
    try {
      return options.isOriginAllowed(origin, host);
    } catch (error) {
      logger.error('the check of an origin failed', { origin, error });
      return false;
    }
  }

  function tellOfOrigin(origin: string): void {
    if (originsTold.size >= mostOriginsTold || originsTold.has(origin)) return;
    originsTold.add(origin);
    logger.warn('a page of another site is refused', { origin, flag: `--allow-origin ${origin}` });
  }

  /** Whether a request may go on to the engine. */
  function findRefusal(request: IncomingMessage, query: OldQuery): Refusal | null {
    const { origin } = request.headers;
    const { host, remoteAddress } = readApproach(request);
    if (!isAllowed(origin, host)) {
      count('refused_origin');
      if (origin !== undefined) tellOfOrigin(origin);
      return { status: 403, sentence: `pages of this origin may not connect: --allow-origin lets them` };
    }
    if (isClosing) return { status: 503, sentence: 'the server is going down' };
    if (request.method === 'OPTIONS' || query.transport === null) return null;
    if (query.revision !== '3') {
      count('refused_protocol');
      return { status: 400, ...unsupportedRevision };
    }
    // Anybody's page could read what comes as a script.
    if (query.isJsonp) return { status: 400, ...badRequest };
    if (query.sid !== null) {
      if (holders.isHolder(query.sid, senderOf(request))) return null;
      count('refused_unknown_session');
      return { status: 400, ...unknownSession };
    }
    if (options.mayConnect(remoteAddress)) return null;
    count('refused_too_many_connections');
    return { status: 429, sentence: 'too many connections from this address in too short a time' };
  }

  async function close(): Promise<void> {
    isClosing = true;
    await sockets.close();
    const deadline = setTimeout(() => {
      for (const socket of upgraded) socket.destroy();
    }, closeGraceMs);
    await Promise.all([...upgraded].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    clearTimeout(deadline);
  }

  return {
    handleRequest(request, response) {
      const wish = readOldWish(request);
      if (wish.kind === 'none') return false;
      if (wish.kind === 'health') {
        answerSentence(response, isClosing ? 503 : 200, '');
        return true;
      }
      if (wish.kind === 'library') {
        answerSentence(
          response,
          404,
          'This server gives no client library away: put one of version 1 beside your page, or use /simplewebrtc.js of this server.',
        );
        return true;
      }
      const refusal = findRefusal(request, wish.query);
      if (refusal === null || refusal.status === 400) allowReading(request, response);
      if (refusal?.status === 400) refuseAsEngine(response, refusal.code, refusal.message);
      else if (refusal !== null) answerSentence(response, refusal.status, refusal.sentence);
      else if (request.method === 'OPTIONS') answerPreflight(response);
      else engine.handleRequest(request, response);
      return true;
    },
    handleUpgrade(request, socket, head) {
      const wish = readOldWish(request);
      if (wish.kind !== 'signaling') return false;
      const refusal = findRefusal(request, wish.query);
      if (refusal !== null) {
        refuseUpgrade(socket, refusal.status);
        return true;
      }
      upgraded.add(socket);
      socket.once('close', () => upgraded.delete(socket));
      engine.handleUpgrade(request, socket, head);
      return true;
    },
    status: () => ({ clients: clients.size, counters: Object.fromEntries(counters) }),
    close: () => (closed ??= close()),
  };
}

/** In the old protocol a client knows itself by the name of its connection. */
function idOf({ id }: Socket): ParticipantId {
  const parsed = parseWith(participantIdSchema, id);
  if (!parsed.ok) throw new Error(`the engine's id cannot be a participant's: ${parsed.reason}`);
  return parsed.value;
}
