import { isIPv6 } from 'node:net';

const HEADER_LENGTH = 12;
const RECORD_HEADER_LENGTH = 12;
const TYPE_A = 1;
const TYPE_AAAA = 28;
const CLASS_INTERNET = 1;
const CODE_NO_SUCH_NAME = 3;
const TTL_SECONDS = 60;
/** RFC 1035 §4.1.4: a name that stands at octet 12, where the question's is. */
const POINTER_TO_QUESTION = 0xc00c;

/**
 * Answers one DNS query (RFC 1035 §4) for IPv4 or IPv6 addresses out of a table; a name that is not in it does not
 * exist.
 *
 * @returns null for what is no query with one question.
 */
export function answerNameQuery(
  query: Buffer,
  addresses: ReadonlyMap<string, readonly string[]>,
): Buffer | null {
  if (query.length < HEADER_LENGTH || query.readUInt16BE(4) !== 1) return null;
  const labels: string[] = [];
  let end = HEADER_LENGTH;
  for (let length = query[end]; length !== undefined && length > 0; length = query[end]) {
    labels.push(query.toString('latin1', end + 1, end + 1 + length));
    end += 1 + length;
  }
  // The root's empty label, the type and the class.
  end += 5;
  if (end > query.length) return null;
  const known = addresses.get(labels.join('.').toLowerCase());
  const type = query.readUInt16BE(end - 4);
  const answers = (known ?? [])
    .filter((address) => type === (isIPv6(address) ? TYPE_AAAA : TYPE_A))
    .map((address) => encodeRecord(type, address));

  const header = Buffer.alloc(HEADER_LENGTH);
  query.copy(header, 0, 0, 2);
  // An answer with authority, to a query that may have asked for recursion (RFC 1035 §4.1.1).
  const recursion = query.readUInt16BE(2) & 0x0100;
  header.writeUInt16BE(0x8400 | recursion | (known === undefined ? CODE_NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, query.subarray(HEADER_LENGTH, end), ...answers]);
}

function encodeRecord(type: number, address: string): Buffer {
  const octets = isIPv6(address) ? encodeIPv6(address) : Buffer.from(address.split('.').map(Number));
  const record = Buffer.alloc(RECORD_HEADER_LENGTH);
  record.writeUInt16BE(POINTER_TO_QUESTION, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(CLASS_INTERNET, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(octets.length, 10);
  return Buffer.concat([record, octets]);
}

/** Of the forms of RFC 4291 §2.2, those without an IPv4 part. */
function encodeIPv6(address: string): Buffer {
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
