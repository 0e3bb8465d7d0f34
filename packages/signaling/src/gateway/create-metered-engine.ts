import { limits } from '@callbox/contract';
import { Server as EngineServer, type Socket as EngineSocket } from 'engine.io';
import { guardConnection } from './guard-connection.ts';
import { messageAllowance, type MessageMeter } from './message-meter.ts';
import type { Logger } from './signaling-server-options.ts';

// A client that vanished is noticed after the silence of a ping: between 8 and 13 seconds, within the usual grace.
const pingIntervalMs = 5_000;
/** For how long nothing has come from a client whose connection is given up. */
export const pingTimeoutMs = 8_000;

/** The transports below socket.io, with a guard on every connection. */
export interface MeteredEngine {
  readonly engine: EngineServer;
  readonly meterOf: (connection: EngineSocket) => MessageMeter;
}

export function createMeteredEngine(maxParticipants: number, logger: Logger): MeteredEngine {
  const engine = new EngineServer({
    transports: ['polling', 'websocket'],
    maxHttpBufferSize: limits.messageBytes,
    // For messages this small, compression costs far more processor time and memory than it saves.
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: pingIntervalMs,
    pingTimeout: pingTimeoutMs,
  });
  const meters = new WeakMap<EngineSocket, MessageMeter>();
  const allowance = messageAllowance(maxParticipants);
  engine.on('connection', (connection: EngineSocket) => {
    meters.set(connection, guardConnection(connection, allowance, logger));
  });
  engine.on('connection_error', ({ code, message }: { readonly code: number; readonly message: string }) => {
    logger.debug('connection refused by the engine', { code, message });
  });
  return {
    engine,
    meterOf(connection) {
      const meter = meters.get(connection);
      if (meter === undefined) throw new Error('a connection that is not of this engine');
      return meter;
    },
  };
}
