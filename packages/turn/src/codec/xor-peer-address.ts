import { createXorAddressCodec } from '@callbox/stun';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** XOR-PEER-ADDRESS: the peer as the server sees it (RFC 8656 §18.3). */
export const xorPeerAddress = createXorAddressCodec(TURN_ATTRIBUTE_TYPE.xorPeerAddress, 'XOR-PEER-ADDRESS');
