import { parseCidr } from '@callbox/turn';

/** A DER value (X.690 §8.1): tag, length, contents. */
function encodeDer(tag: number, contents: Buffer): Buffer {
  const { length } = contents;
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), contents]);
}

/** An address and a mask that leaves nothing open (RFC 5280 §4.2.1.10). */
function encodeAddress(text: string): Buffer {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new TypeError(`${text}: ${parsed.reason}`);
  const { address: octets } = parsed.value;
  return Buffer.concat([octets, Buffer.alloc(octets.length, 0xff)]);
}

const sequence = 0x30;
/** Tags of `permittedSubtrees`, and of `dNSName` and `iPAddress` among the general names. */
const permittedSubtrees = 0xa0;
const dnsName = 0x82;
const ipAddress = 0x87;

/** A name that nobody can have (RFC 6761 §6.4), or such an address (RFC 1122 §3.2.1.3), stands for none at all. */
function orNone(values: readonly string[], nobodys: string): readonly string[] {
  return values.length === 0 ? [nobodys] : values;
}

/**
 * The value of the extension that limits an authority to these names and addresses (RFC 5280 §4.2.1.10). Both kinds have to
 * be there: of a kind that is not listed, everything is permitted.
 */
export function encodeNameConstraints(names: readonly string[], addresses: readonly string[]): Buffer {
  const permitted = [
    ...orNone(names, 'invalid').map((name) => encodeDer(dnsName, Buffer.from(name, 'ascii'))),
    ...orNone(addresses, '0.0.0.0').map((address) => encodeDer(ipAddress, encodeAddress(address))),
  ];
  const subtrees = permitted.map((name) => encodeDer(sequence, name));
  return encodeDer(sequence, encodeDer(permittedSubtrees, Buffer.concat(subtrees)));
}
