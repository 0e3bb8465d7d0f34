/** What a certificate authority says is wrong (RFC 8555 §6.7, RFC 7807). */
export interface AcmeProblem {
  /** The last part of its type, such as `rateLimited`. */
  readonly type: string;
  readonly detail: string;
  /** The name or address that it concerns, where it concerns one. */
  readonly identifier?: string;
}

/**
 * `unreachable`: no answer came; `malformed`: one that makes no sense; `refused`: the authority said no; `unproven`: it
 * could not see that a name or address is ours; `overdue`: it did not come to an end in time.
 */
export type AcmeErrorCode = 'unreachable' | 'malformed' | 'refused' | 'unproven' | 'overdue';

export interface AcmeErrorDetails {
  readonly problem?: AcmeProblem | undefined;
  /** How long the authority wants to be left alone. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** A certificate could not be obtained. */
export class AcmeError extends Error {
  readonly code: AcmeErrorCode;
  readonly problem: AcmeProblem | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: AcmeErrorCode, message: string, details: AcmeErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'AcmeError';
    this.code = code;
    this.problem = details.problem;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Nobody answered the authority when it looked. Not every authority has a type of its own for that. */
export function isAboutConnection(problem: AcmeProblem | undefined): boolean {
  if (problem === undefined) return false;
  return (
    problem.type === 'connection' || /failed to connect|connection refused|timed? ?out/i.test(problem.detail)
  );
}
