import { createXorAddressCodec } from '@callbox/stun';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** XOR-RELAYED-ADDRESS: where peers reach the client (RFC 8656 §18.5). */
export const xorRelayedAddress = createXorAddressCodec(
  TURN_ATTRIBUTE_TYPE.xorRelayedAddress,
  'XOR-RELAYED-ADDRESS',
);
