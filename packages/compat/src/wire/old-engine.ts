import type { IncomingMessage } from 'node:http';
import { Server as EngineServer, type Transport } from 'engine.io';
import { spellUtf8, undoDoubleUtf8 } from './double-utf8.ts';

interface Packet {
  readonly type: string;
  readonly data?: unknown;
}
type OnPacket = (packet: Packet, index: number, total: number) => unknown;
type OnPayload = (payload: string | Buffer) => void;

/** What we use of engine.io's parser for the third revision of its protocol. */
interface OldParser {
  readonly encodePayload: (packets: readonly Packet[], supportsBinary: boolean, done: OnPayload) => void;
  readonly encodePayloadAsBinary: (packets: readonly Packet[], done: OnPayload) => void;
  readonly decodePayload: (payload: string | Buffer, onPacket: OnPacket) => void;
}

/**
 * Engine.IO for clients of before 2018, who speak its third revision. Those need two things that the engine of today does
 * differently, in polling only; WebSocket frames are the same.
 *
 * It leans on the inside of engine.io, so that one is pinned to a version.
 */
export class OldEngine extends EngineServer {
  protected override createTransport(
    name: 'polling' | 'websocket' | 'webtransport',
    request: IncomingMessage,
  ): Transport {
    const transport = super.createTransport(name, request);
    if (name === 'polling') speakAsThen(transport);
    return transport;
  }
}

function speakAsThen(transport: Transport): void {
  const parser: unknown = Reflect.get(transport, 'parser');
  if (!isOldParser(parser)) throw new Error('this version of engine.io keeps its old parser elsewhere');
  const { encodePayload, encodePayloadAsBinary, decodePayload } = parser;
  const asThen: OldParser = {
    ...parser,
    encodePayload(packets, supportsBinary, done) {
      // Clients up to socket.io 1.3 take an answer only as octets, also where it is text.
      if (supportsBinary) encodePayloadAsBinary(packets, done);
      else encodePayload(packets.map(spellPacket), false, done);
    },
    decodePayload(payload, onPacket) {
      const isText = typeof payload === 'string';
      decodePayload(payload, (packet, ...rest) => onPacket(isText ? undoPacket(packet) : packet, ...rest));
    },
  };
  Reflect.set(transport, 'parser', asThen);
}

function spellPacket(packet: Packet): Packet {
  return typeof packet.data === 'string' ? { ...packet, data: spellUtf8(packet.data) } : packet;
}

function undoPacket(packet: Packet): Packet {
  return typeof packet.data === 'string' ? { ...packet, data: undoDoubleUtf8(packet.data) } : packet;
}

function isOldParser(parser: unknown): parser is OldParser {
  return (
    typeof parser === 'object' &&
    parser !== null &&
    ['encodePayload', 'encodePayloadAsBinary', 'decodePayload'].every(
      (name) => typeof Reflect.get(parser, name) === 'function',
    )
  );
}
