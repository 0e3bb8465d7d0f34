import type { StunMessage } from '@callbox/stun';
import type { Allocation } from '../allocation/allocation.ts';
import type { VerifiedUser } from '../auth/authenticate.ts';
import type { ClientPath } from '../plane/client-path.ts';

/** A request whose sender is known. */
export interface VerifiedRequest {
  readonly message: StunMessage;
  readonly client: ClientPath;
  readonly fiveTuple: string;
  readonly user: VerifiedUser;
  /** The client's allocation, if it has one. */
  readonly allocation: Allocation | undefined;
}

/** A request about an allocation that exists and belongs to its sender. */
export interface AllocationRequest extends VerifiedRequest {
  readonly allocation: Allocation;
}
