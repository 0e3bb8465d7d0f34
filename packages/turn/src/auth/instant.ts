/** A moment, as the server passes it to everything that must not ask a clock. */
export interface Instant {
  /** Never goes back: lifetimes are measured with it. */
  readonly monotonicMs: number;
  /** Seconds since 1970: what nonces and time-limited credentials carry, since other machines read them too. */
  readonly epochSeconds: number;
}
