/** Limits of the signaling contract. Lengths are in UTF-16 code units unless the name says otherwise. */
export const limits = {
  /** Longest room name, after normalisation. */
  roomNameLength: 64,
  /** Longest display name, after trimming. */
  displayNameLength: 60,
  /** Longest chat text. */
  chatTextLength: 4_000,
  /** Chat messages a room keeps for those who come later; the oldest go first. */
  chatHistoryLength: 500,
  /** Longest SDP of one description. A four-section offer of Chromium is about 9,000. */
  sdpLength: 128_000,
  /** Longest side in pixels that a picture can be wanted with. */
  pictureSide: 4_320,
  /** Longest ICE candidate line. */
  candidateLength: 1_024,
  /** Longest id of any kind. */
  idLength: 64,
  /** Notices that are kept for one who has not said that they arrived; with more, the seat cannot be resumed. */
  outboxLength: 1_000,
  /** Characters of such notices, likewise. */
  outboxCharacters: 2_000_000,
  /** Largest socket message in bytes; a larger one ends the connection. */
  messageBytes: 262_144,
} as const;
