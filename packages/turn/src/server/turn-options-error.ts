/** What is wrong with the options. */
export type TurnOptionsErrorCode =
  | 'INVALID_REALM'
  | 'INVALID_NONCE_KEY'
  | 'INVALID_LISTEN_ADDRESS'
  | 'INVALID_RELAY_ADDRESS'
  | 'INVALID_RELAY_PORTS'
  | 'INVALID_CIDR'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_LIMIT'
  | 'INVALID_KEY_PAIR'
  | 'PLANE_NOT_AVAILABLE';

/** The options cannot be used. Thrown before anything is bound. */
export class TurnOptionsError extends Error {
  override readonly name = 'TurnOptionsError';
  readonly code: TurnOptionsErrorCode;

  constructor(code: TurnOptionsErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
