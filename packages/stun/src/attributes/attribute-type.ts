/** Attribute types of RFC 8489 §18.3; those of its usages belong to the packages that implement them. */
export const ATTRIBUTE_TYPE = {
  // Comprehension-required
  mappedAddress: 0x0001, // MAPPED-ADDRESS
  username: 0x0006, // USERNAME
  messageIntegrity: 0x0008, // MESSAGE-INTEGRITY
  errorCode: 0x0009, // ERROR-CODE
  unknownAttributes: 0x000a, // UNKNOWN-ATTRIBUTES
  realm: 0x0014, // REALM
  nonce: 0x0015, // NONCE
  messageIntegritySha256: 0x001c, // MESSAGE-INTEGRITY-SHA256
  passwordAlgorithm: 0x001d, // PASSWORD-ALGORITHM
  userhash: 0x001e, // USERHASH
  xorMappedAddress: 0x0020, // XOR-MAPPED-ADDRESS

  // Comprehension-optional
  passwordAlgorithms: 0x8002, // PASSWORD-ALGORITHMS
  alternateDomain: 0x8003, // ALTERNATE-DOMAIN
  software: 0x8022, // SOFTWARE
  alternateServer: 0x8023, // ALTERNATE-SERVER
  fingerprint: 0x8028, // FINGERPRINT
} as const;

/** Types below 0x8000 must be understood by whoever gets them (RFC 8489 §14). */
export function isComprehensionRequired(type: number): boolean {
  return type < 0x8000;
}
