import type { Socket } from 'node:dgram';
import type { Listener } from '../forwarding/listener.ts';

/** A listener on a socket of Node's. */
export interface DgramListener extends Listener {
  readonly socket: Socket;
}
