import type { UserAnswer } from '../auth/authenticate.ts';
import type { ClientPath } from '../plane/client-path.ts';

/** A message that is not media. */
export interface IncomingMessage {
  readonly client: ClientPath;
  /** Only lent. */
  readonly octets: Uint8Array;
  /** With a request that was held: what the embedder has said of its user. */
  readonly answer?: UserAnswer | undefined;
}
