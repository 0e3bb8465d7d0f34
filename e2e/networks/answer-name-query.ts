const HEADER_LENGTH = 12;
const TYPE_A = 1;
const CLASS_INTERNET = 1;
const CODE_NO_SUCH_NAME = 3;
const TTL_SECONDS = 60;
/** RFC 1035 §4.1.4: a name that stands at octet 12, where the question's is. */
const POINTER_TO_QUESTION = 0xc00c;

/**
 * Answers one DNS query (RFC 1035 §4) for an IPv4 address out of a table; a name that is not in it does not exist.
 *
 * @returns null for what is no query with one question.
 */
export function answerNameQuery(query: Buffer, addresses: ReadonlyMap<string, string>): Buffer | null {
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
  const address = addresses.get(labels.join('.').toLowerCase());
  const answer =
    address !== undefined && query.readUInt16BE(end - 4) === TYPE_A ? encodeAddress(address) : null;

  const header = Buffer.alloc(HEADER_LENGTH);
  query.copy(header, 0, 0, 2);
  // An answer with authority, to a query that may have asked for recursion (RFC 1035 §4.1.1).
  const recursion = query.readUInt16BE(2) & 0x0100;
  header.writeUInt16BE(0x8400 | recursion | (address === undefined ? CODE_NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answer === null ? 0 : 1, 6);
  return Buffer.concat([header, query.subarray(HEADER_LENGTH, end), ...(answer === null ? [] : [answer])]);
}

function encodeAddress(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(POINTER_TO_QUESTION, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_INTERNET, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(4, 10);
  Buffer.from(address.split('.').map(Number)).copy(record, 12);
  return record;
}
