import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { participantIdSchema, parseWith, type ParticipantId } from '@callbox/contract';
import { Server as SocketServer } from 'socket.io';
import { createRoomStore } from '../store/room-store.ts';
import { createMeteredEngine, pingTimeoutMs } from './create-metered-engine.ts';
import {
  allowReading,
  answerKnock,
  answerPreflight,
  isFarewell,
  isKnock,
  isForSignaling,
  refuseRequest,
  refuseUpgrade,
} from './http-door.ts';
import { readApproach } from './read-approach.ts';
import { refusalOfHandshake } from './refusal-of-handshake.ts';
import { createRoomDesk } from './room-desk.ts';
import { serveSocket } from './serve-socket.ts';
import { takeFarewell } from './take-farewell.ts';
import type { Logger, SignalingServer, SignalingServerOptions } from './signaling-server-options.ts';

/** For how long nobody hears of an absence. */
const tellAfterMs = 3_000;
const defaultGraceSeconds = 15;
/** How long a page that is reloaded may take, on a slow line too. In a room of one, what was said is kept for as long. */
const returnMs = 10_000;
/** How often to look who has been away for too long. */
const lookMs = 500;
/** How long a connection may stay without having shown its handshake. */
const connectTimeoutMs = 10_000;
/** How long `close` waits for clients to end their side. */
const closeGraceMs = 1_000;

const silentLogger: Logger = { error() {}, warn() {}, info() {}, debug() {} };

/**
 * Makes the signaling server: rooms, and socket.io on an engine of its own that is fed by `handleRequest` and
 * `handleUpgrade`. It binds no port.
 */
export function createSignalingServer(options: SignalingServerOptions): SignalingServer {
  const logger = options.logger ?? silentLogger;
  const now = options.now ?? Date.now;
  const store = createRoomStore(options.journal ?? null, { now, logger });
  const graceMs = (options.graceSeconds ?? defaultGraceSeconds) * 1_000;
  const desk = createRoomDesk({
    store,
    maxParticipants: options.maxParticipants,
    issueIceServers: options.issueIceServers,
    createParticipantId,
    createRoomId: randomId,
    hashToken: (token) => createHash('sha256').update(token).digest('base64url'),
    patience: { tellAfterMs, graceMs },
    returnMs: Math.min(returnMs, graceMs),
    now,
    instanceId: randomId(),
    logger,
    onPresence(presence) {
      try {
        options.onPresence?.(presence);
      } catch (error) {
        logger.error('what is told of presence failed', { kind: presence.kind, error });
      }
    },
  });
  const approachOf = options.readApproach ?? readApproach;
  const renewal = setInterval(desk.ice.renewDue, options.iceLookMs ?? 10_000).unref();
  const looking = setInterval(() => desk.look(), lookMs).unref();
  const upgraded = new Set<Duplex>();
  let closed: Promise<void> | null = null;
  let isClosing = false;

  const { engine, meterOf } = createMeteredEngine(options.maxParticipants, logger);
  const sockets = new SocketServer({ serveClient: false, connectTimeout: connectTimeoutMs });
  sockets.bind(engine);
  sockets.use((socket, next) => {
    const refusal = refusalOfHandshake(socket.handshake.auth);
    if (refusal === null) next();
    else next(Object.assign(new Error(refusal.message), { data: refusal }));
  });
  sockets.on('connection', (socket) => {
    const session = desk.openSession({
      ...approachOf(socket.request),
      notify({ name, body }, number) {
        if (number === undefined) socket.emit(name, body);
        else socket.emit(name, body, { number });
      },
      close: () => queueMicrotask(() => socket.disconnect(true)),
    });
    serveSocket(socket, session, meterOf(socket.conn), logger);
    socket.on('disconnect', (reason) => {
      // A server that goes away says nothing about who has left.
      if (isClosing) return;
      session.end(
        reason === 'client namespace disconnect' ? 'left' : 'disconnected',
        reason === 'ping timeout' ? pingTimeoutMs : 0,
      );
    });
  });

  function isAllowed(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    try {
      return options.isOriginAllowed(origin, approachOf(request).host);
    } catch (error) {
      logger.error('the check of an origin failed', { origin, error });
      return false;
    }
  }

  async function close(): Promise<void> {
    // Before anything else: the sockets that end here ask for it.
    isClosing = true;
    clearInterval(renewal);
    clearInterval(looking);
    desk.announceRestart();
    await sockets.close();
    const deadline = setTimeout(() => {
      for (const socket of upgraded) socket.destroy();
    }, closeGraceMs);
    await Promise.all([...upgraded].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    clearTimeout(deadline);
  }

  return {
    handleRequest(request, response) {
      if (!isForSignaling(request)) return false;
      if (!isAllowed(request)) {
        refuseRequest(response, 403, 'pages of this origin may not connect');
      } else if (isClosing) {
        refuseRequest(response, 503, 'the server is going down');
      } else {
        allowReading(request, response);
        if (request.method === 'OPTIONS') answerPreflight(response);
        else if (isKnock(request)) answerKnock(response);
        else if (isFarewell(request)) takeFarewell(request, response, desk.leaveByToken);
        else engine.handleRequest(request, response);
      }
      return true;
    },
    handleUpgrade(request, socket, head) {
      if (!isForSignaling(request) || isFarewell(request) || isKnock(request)) return false;
      if (!isAllowed(request)) {
        refuseUpgrade(socket, '403 Forbidden');
      } else if (isClosing) {
        refuseUpgrade(socket, '503 Service Unavailable');
      } else {
        upgraded.add(socket);
        socket.once('close', () => upgraded.delete(socket));
        engine.handleUpgrade(request, socket, head);
      }
      return true;
    },
    close: () => (closed ??= close()),
    renewIceServers: desk.ice.renewAll,
    counts: () => store.counts(),
    openSession: (visitor) => desk.openSession(visitor),
  };
}

function randomId(): string {
  return randomBytes(16).toString('base64url');
}

function createParticipantId(): ParticipantId {
  const parsed = parseWith(participantIdSchema, randomId());
  if (!parsed.ok) throw new Error(`a generated participant id is not valid: ${parsed.reason}`);
  return parsed.value;
}
