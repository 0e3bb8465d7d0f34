import type { Listener } from '../forwarding/listener.ts';
import type { LinuxSocket } from './linux-sockets.ts';

/** A listener on a socket of the plane's own. */
export interface LinuxListener extends Listener {
  readonly socket: LinuxSocket;
}
