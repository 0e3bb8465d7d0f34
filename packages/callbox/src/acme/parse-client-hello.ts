/** What of a ClientHello decides who answers it. */
export interface ClientHello {
  /** In lower case; undefined where none was sent, as to an address. */
  readonly serverName: string | undefined;
  /** What the client would speak, best first (RFC 7301 §3.1). */
  readonly protocols: readonly string[];
}

export type ParsedClientHello =
  { readonly kind: 'incomplete' | 'malformed' } | { readonly kind: 'complete'; readonly hello: ClientHello };

/** RFC 8446 §5.1 and §4: a record of a handshake, and the ClientHello within. */
const handshakeRecord = 22;
const clientHelloMessage = 1;
const recordHeaderBytes = 5;
const messageHeaderBytes = 4;
/** RFC 8446 §5.1: no record is longer. A ClientHello that does not fit into one is nobody's. */
const maxMessageBytes = 16_384;
/** RFC 6066 §3, RFC 7301 §3.1. */
const serverNameExtension = 0;
const alpnExtension = 16;

/** Takes octets one after the other; undefined once there are too few. */
function createReader(octets: Buffer) {
  let at = 0;
  const takeNumber = (bytes: number): number | undefined => {
    if (at + bytes > octets.length) return undefined;
    at += bytes;
    return octets.readUIntBE(at - bytes, bytes);
  };
  return {
    number: takeNumber,
    /** A vector whose length is written before it, in that many bytes (RFC 8446 §3.4). */
    vector: (lengthBytes: number): Buffer | undefined => {
      const length = takeNumber(lengthBytes);
      if (length === undefined || at + length > octets.length) return undefined;
      at += length;
      return octets.subarray(at - length, at);
    },
    skip: (bytes: number): void => {
      at += bytes;
    },
    get isAtEnd() {
      return at >= octets.length;
    },
  };
}

/** Puts together what the records carry, as far as it has come (RFC 8446 §5.1: a message may be split over several). */
function joinRecords(octets: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; at + recordHeaderBytes <= octets.length;) {
    if (octets[at] !== handshakeRecord) return undefined;
    const end = at + recordHeaderBytes + octets.readUInt16BE(at + 3);
    parts.push(octets.subarray(at + recordHeaderBytes, end));
    at = end;
  }
  return Buffer.concat(parts);
}

function readServerName(extension: Buffer): string | undefined {
  const list = createReader(createReader(extension).vector(2) ?? Buffer.alloc(0));
  const type = list.number(1);
  const name = list.vector(2);
  return type === 0 ? name?.toString('latin1').toLowerCase() : undefined;
}

function readProtocols(extension: Buffer): readonly string[] {
  const list = createReader(createReader(extension).vector(2) ?? Buffer.alloc(0));
  const protocols: string[] = [];
  for (let name = list.vector(1); name !== undefined; name = list.vector(1)) {
    protocols.push(name.toString('latin1'));
  }
  return protocols;
}

/** RFC 8446 §4.1.2. */
function readHello(body: Buffer): ClientHello | undefined {
  const reader = createReader(body);
  // The version and the random value.
  reader.skip(2 + 32);
  const isPlausible = [reader.vector(1), reader.vector(2), reader.vector(1)].every(
    (vector) => vector !== undefined,
  );
  if (!isPlausible) return undefined;
  let serverName: string | undefined;
  let protocols: readonly string[] = [];
  const extensions = createReader(reader.vector(2) ?? Buffer.alloc(0));
  while (!extensions.isAtEnd) {
    const type = extensions.number(2);
    const value = extensions.vector(2);
    if (type === undefined || value === undefined) return undefined;
    if (type === serverNameExtension) serverName = readServerName(value);
    if (type === alpnExtension) protocols = readProtocols(value);
  }
  return { serverName, protocols };
}

/** Reads the octets with which a TLS connection begins. Never throws. */
export function parseClientHello(octets: Buffer): ParsedClientHello {
  const message = joinRecords(octets);
  if (message === undefined) return { kind: 'malformed' };
  if (message.length < messageHeaderBytes) return { kind: 'incomplete' };
  const length = message.readUIntBE(1, 3);
  if (message[0] !== clientHelloMessage || length > maxMessageBytes) return { kind: 'malformed' };
  if (message.length < messageHeaderBytes + length) return { kind: 'incomplete' };
  const hello = readHello(message.subarray(messageHeaderBytes, messageHeaderBytes + length));
  return hello === undefined ? { kind: 'malformed' } : { kind: 'complete', hello };
}
