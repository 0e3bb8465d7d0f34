import { WildEmitter } from './wild-emitter.ts';

/** A message between two pages, with the fields that old ones look at. */
export interface PageMessage {
  readonly from?: string;
  readonly to?: string;
  readonly sid?: string;
  readonly roomType: 'video' | 'screen' | 'audio';
  readonly type: string;
  readonly payload?: unknown;
  readonly prefix: string;
}

/**
 * The way to the server as old pages see it, at `webrtc.connection`: `on('message')` hears what other pages send,
 * `emit('message', { to, type, payload })` sends. All else goes by the methods of the class.
 */
export class OldConnection extends WildEmitter<{
  connect: [];
  disconnect: [];
  message: [message: PageMessage];
}> {
  readonly #send: (message: unknown) => void;
  readonly #id: () => string;
  readonly #close: () => void;

  constructor(send: (message: unknown) => void, id: () => string, close: () => void) {
    super();
    this.#send = send;
    this.#id = id;
    this.#close = close;
  }

  /** Of the events that a page may send only `message` goes anywhere. */
  override emit(name: string, ...values: readonly unknown[]): this {
    if (name === 'message') this.#send(values[0]);
    return this;
  }

  /** Tells the page's own listeners. */
  tell(name: 'connect' | 'disconnect' | 'message', ...values: readonly unknown[]): void {
    super.emit(name, ...values);
  }

  /** Who the others know this page as; empty while it is in no room. */
  getSessionid(): string {
    return this.#id();
  }

  getSessionId(): string {
    return this.#id();
  }

  disconnect(): void {
    this.#close();
  }
}
