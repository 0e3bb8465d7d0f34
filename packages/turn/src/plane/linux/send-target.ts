import type { IpAddress } from '@callbox/stun';
import type { HostWords } from '../host-words.ts';

/** Where packets go: a peer's host, or a client. */
export interface SendTarget {
  readonly family: IpAddress['family'];
  readonly words: HostWords;
  /**
   * The longest packets that may be handed to the kernel in runs. A device or a path that refuses a run lowers it; 0 stands
   * for none.
   */
  segmentLimit: number;
}

/** A socket to send through. */
export interface SendSocket {
  readonly fd: number;
  /** Then packets need no address. */
  readonly isConnected: boolean;
}
