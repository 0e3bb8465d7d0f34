import type { Listener } from '../forwarding/listener.ts';
import type { LinuxSocket } from './linux-sockets.ts';
import type { SendSocket } from './send-target.ts';

/** A listener through whose socket clients are written to. */
export interface LinuxListener extends Listener {
  readonly socket: SendSocket;
}

/** One whose socket is read here. */
export interface OpenLinuxListener extends LinuxListener {
  readonly socket: LinuxSocket;
}
