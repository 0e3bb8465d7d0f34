import type { IpAddress } from '@callbox/stun';

/** Why a request was refused, where its code alone does not say enough; fit to name a counter. */
export const REFUSAL_REASONS = [
  'wrong-password',
  'unknown-user',
  'expired-credential',
  'peer-not-allowed',
  'own-service',
  'account-quota',
  'source-quota',
  'total-quota',
  'no-relay-port',
  'relay-port-taken',
  'permission-limit',
  'channel-limit',
  'draining',
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** For logs and counters; the client hears the code and no more. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** Whose request it was; absent where the name is nobody's. */
  readonly account?: string | undefined;
  readonly peer?: IpAddress | undefined;
}
