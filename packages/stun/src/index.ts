export { formatIpAddress } from './address/format-ip-address.ts';
export { parseIpAddress } from './address/parse-ip-address.ts';
export {
  formatTransportAddress,
  type IpAddress,
  type TransportAddress,
} from './address/transport-address.ts';

export {
  readAllAttributes,
  readAttribute,
  type AttributeCodec,
  type AttributeReading,
  type MalformedReason,
  type Parsed,
} from './attributes/attribute-codec.ts';
export { ATTRIBUTE_TYPE, isComprehensionRequired } from './attributes/attribute-type.ts';
export { unknownRequiredAttributes } from './attributes/unknown-required-attributes.ts';

export { createAddressCodec } from './attributes/address-codec.ts';
export { createOctetsCodec, type OctetsLimits } from './attributes/octets-codec.ts';
export { createTextCodec, type TextLimits } from './attributes/text-codec.ts';
export { createXorAddressCodec } from './attributes/xor-address-codec.ts';

export { alternateDomain } from './attributes/alternate-domain.ts';
export { alternateServer } from './attributes/alternate-server.ts';
export { errorCode, type ErrorCode } from './attributes/error-code.ts';
export { fingerprint } from './attributes/fingerprint.ts';
export { mappedAddress } from './attributes/mapped-address.ts';
export { messageIntegrity } from './attributes/message-integrity.ts';
export { messageIntegritySha256 } from './attributes/message-integrity-sha256.ts';
export { nonce } from './attributes/nonce.ts';
export { passwordAlgorithm } from './attributes/password-algorithm.ts';
export { PASSWORD_ALGORITHM, type PasswordAlgorithm } from './attributes/password-algorithm-value.ts';
export { passwordAlgorithms } from './attributes/password-algorithms.ts';
export { realm } from './attributes/realm.ts';
export { software } from './attributes/software.ts';
export { unknownAttributes } from './attributes/unknown-attributes.ts';
export { userhash } from './attributes/userhash.ts';
export { username } from './attributes/username.ts';
export { xorMappedAddress } from './attributes/xor-mapped-address.ts';

export type { IntegrityAlgorithm } from './integrity/compute-integrity.ts';
export { HmacSha1, hmacSha1 } from './integrity/hmac-sha1.ts';
export { IntegrityKey, type KeyLike } from './integrity/integrity-key.ts';
export { computeUserhash } from './integrity/compute-userhash.ts';
export { longTermKey, shortTermKey, type LongTermCredential } from './integrity/long-term-key.ts';
export { prepareOpaqueString } from './integrity/prepare-opaque-string.ts';
export { verifyIntegrity, type IntegrityVerdict } from './integrity/verify-integrity.ts';

export { classifyDatagram, isStunMessage, type DatagramKind } from './message/classify-datagram.ts';
export { encodeMessage, type MessageSignature, type MessageToEncode } from './message/encode-message.ts';
export { METHOD } from './message/method.ts';
export { parseMessage, type ParseFailure, type ParseMessageResult } from './message/parse-message.ts';
export type { EncodedAttribute, MessageClass, RawAttribute, StunMessage } from './message/stun-message.ts';
export { HEADER_BYTES, MAGIC_COOKIE, TRANSACTION_ID_BYTES } from './message/wire-format.ts';
