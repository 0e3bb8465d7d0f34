/** How far a probe of a relay got, in order. `packet`: everything was granted, and nothing came through. */
export type RelayProbeStep = 'connect' | 'tls' | 'challenge' | 'allocate' | 'permission' | 'packet';

/** Why a probe of a relay ended early. */
export class RelayProbeError extends Error {
  override readonly name = 'RelayProbeError';
  readonly step: RelayProbeStep;
  /** STUN error code of the answer (RFC 8489 §14.8), where there was one. */
  readonly answeredCode: number | undefined;

  constructor(
    step: RelayProbeStep,
    message: string,
    options: { readonly cause?: unknown; readonly answeredCode?: number } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.step = step;
    this.answeredCode = options.answeredCode;
  }
}
