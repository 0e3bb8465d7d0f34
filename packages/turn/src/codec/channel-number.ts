import { createUnsignedCodec } from './unsigned-codec.ts';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** CHANNEL-NUMBER: the number of a channel, then two unused octets (RFC 8656 §18.1). */
export const channelNumber = createUnsignedCodec(TURN_ATTRIBUTE_TYPE.channelNumber, 'CHANNEL-NUMBER', {
  bits: 16,
  valueBytes: 4,
});

/**
 * Numbers a channel may have. RFC 8656 §12 narrows them to 0x4FFF, for sockets that are shared with DTLS and RTP; clients
 * of RFC 5766, coturn's tester among them, still use the wider range, and nothing but TURN comes to our ports.
 */
export const CHANNEL_NUMBER = { min: 0x4000, max: 0x7fff } as const;
