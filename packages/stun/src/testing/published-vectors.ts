import { fromHex } from './hex.ts';

/** Messages printed in RFCs, with what they are said to hold. */

/** RFC 5769 §2.1: a short-term request. The padding of USERNAME is a space each, not zero. */
export const RFC5769_REQUEST = {
  bytes: fromHex(`
    0001 0058 2112a442 b7e7a701bc34d686fa87dfae
    8022 0010 5354554e207465737420636c69656e74
    0024 0004 6e0001ff
    8029 0008 932ff9b151263b36
    0006 0009 6576746a3a68367659 202020
    0008 0014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
    8028 0004 e57a3bcf`),
  password: 'VOkJxbRl1RmTxUk/WvJxBt',
  software: 'STUN test client',
  username: 'evtj:h6vY',
};

/** RFC 5769 §2.2: a response over IPv4. */
export const RFC5769_IPV4_RESPONSE = {
  bytes: fromHex(`
    0101 003c 2112a442 b7e7a701bc34d686fa87dfae
    8022 000b 7465737420766563746f72 20
    0020 0008 0001 a147 e112a643
    0008 0014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
    8028 0004 c07d4c96`),
  password: 'VOkJxbRl1RmTxUk/WvJxBt',
  software: 'test vector',
  mapped: { ip: '192.0.2.1', port: 32853 },
};

/** RFC 5769 §2.3: a response over IPv6. */
export const RFC5769_IPV6_RESPONSE = {
  bytes: fromHex(`
    0101 0048 2112a442 b7e7a701bc34d686fa87dfae
    8022 000b 7465737420766563746f72 20
    0020 0014 0002 a147 0113a9faa5d3f179bc25f4b5bed2b9d9
    0008 0014 a382954e4be67bf11784c97c8292c275bfe3ed41
    8028 0004 c8fb0b4c`),
  password: 'VOkJxbRl1RmTxUk/WvJxBt',
  software: 'test vector',
  mapped: { ip: '2001:db8:1234:5678:11:2233:4455:6677', port: 32853 },
};

/** "Matrix" in Katakana, and a password with a soft hyphen, a feminine ordinal and a Roman nine. */
const MATRIX = {
  username: '\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9',
  realm: 'example.org',
  password: 'The\u00ADM\u00AAtr\u2168',
};

/** RFC 5769 §2.4: a long-term request. */
export const RFC5769_LONG_TERM_REQUEST = {
  bytes: fromHex(`
    0001 0060 2112a442 78ad3433c6ad72c029da412e
    0006 0012 e3839ee38388e383aae38383e382afe382b9 0000
    0015 001c 662f2f3439396b39353464364f4c33346f4c394653547679363473 41
    0014 000b 6578616d706c652e6f7267 00
    0008 0014 f67024656dd64a3e02b8e0712e85c9a28ca89666`),
  ...MATRIX,
  nonce: 'f//499k954d6OL34oL9FSTvy64sA',
};

/** RFC 8489 §B.1 as corrected by its verified erratum 6268: printed with a wrong length, algorithm and integrity. */
export const RFC8489_LONG_TERM_REQUEST = {
  bytes: fromHex(`
    0001 0090 2112a442 78ad3433c6ad72c029da412e
    001e 0020 4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704
    0015 0029 6f624d61744a6f733241414143662f2f3439396b39353464364f4c33346f4c394653547679363473 41 000000
    0014 000b 6578616d706c652e6f7267 00
    001d 0004 0002 0000
    001c 0020 b5c7bf005b6c52a21c51c5e892f81924136296cb927c43149309278cc6518e65`),
  ...MATRIX,
  nonce: 'obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA',
};

/** Binding requests as browsers sent them; captures that pion/stun published under CC0. */
export const BROWSER_CAPTURES = {
  chrome: fromHex('0001 0000 2112a442 5a53794d7a453271422f7847'),
  chromeWithOrigin: fromHex(`
    0001 0018 2112a442 6b68447654497a6962756468
    802f 0011 68747470733a2f2f63796465762e72752f 000000`),
  firefox: fromHex('0001 0008 2112a442 ffa8b247b8329ce4fb068213 8028 0004 aa037e19'),
};

export const ALL_VECTORS: readonly Uint8Array[] = [
  RFC5769_REQUEST.bytes,
  RFC5769_IPV4_RESPONSE.bytes,
  RFC5769_IPV6_RESPONSE.bytes,
  RFC5769_LONG_TERM_REQUEST.bytes,
  RFC8489_LONG_TERM_REQUEST.bytes,
];
