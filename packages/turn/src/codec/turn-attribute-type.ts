/** Attribute types of RFC 8656 §18. */
export const TURN_ATTRIBUTE_TYPE = {
  // Comprehension-required
  channelNumber: 0x000c, // CHANNEL-NUMBER
  lifetime: 0x000d, // LIFETIME
  xorPeerAddress: 0x0012, // XOR-PEER-ADDRESS
  data: 0x0013, // DATA
  xorRelayedAddress: 0x0016, // XOR-RELAYED-ADDRESS
  requestedAddressFamily: 0x0017, // REQUESTED-ADDRESS-FAMILY
  evenPort: 0x0018, // EVEN-PORT
  requestedTransport: 0x0019, // REQUESTED-TRANSPORT
  dontFragment: 0x001a, // DONT-FRAGMENT
  reservationToken: 0x0022, // RESERVATION-TOKEN

  // Comprehension-optional
  additionalAddressFamily: 0x8000, // ADDITIONAL-ADDRESS-FAMILY
  addressErrorCode: 0x8001, // ADDRESS-ERROR-CODE
} as const;
