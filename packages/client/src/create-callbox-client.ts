import type { Refusal } from '@callbox/contract';
import { createSignalingConnection, fault } from './connection/signaling-connection.ts';
import type * as Mesh from './peer/mesh.ts';
import type { OfferStore } from './peer/prepare-offer.ts';
import { createRoom, type OpenRoom } from './room/create-room.ts';
import type { CallboxClient, ClientOptions, JoinOptions, PeekResult, Room } from './room-types.ts';

const peekWithinMs = 10_000;
/** Valid for as long as a page may reasonably stay open; a browser's own default is a month. */
const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', expires: 365 * 86_400_000 };

/** What a call is made with. */
interface Tools {
  readonly mesh: typeof Mesh;
  readonly certificate: RTCCertificate;
  readonly offers: OfferStore;
}

/** Makes the way to one server. Connects when first used. */
export function createCallboxClient(options: ClientOptions = {}): CallboxClient {
  const log = options.log ?? (() => {});
  const connection = createSignalingConnection(options.signalingUrl ?? globalThis.location.origin, log);
  let tools: Tools | null = null;
  const prepared = prepare();
  let current: OpenRoom | null = null;
  let closed = false;

  /**
   * Fetches what a call needs and a page before it does not, and makes a key, which takes some milliseconds: both pass
   * while the person is still looking at that page.
   */
  async function prepare(): Promise<Refusal | null> {
    try {
      const [mesh, certificate] = await Promise.all([
        import('./peer/mesh.ts'),
        RTCPeerConnection.generateCertificate(keyAlgorithm),
      ]);
      tools = { mesh, certificate, offers: mesh.createOfferStore() };
      return null;
    } catch (error) {
      return fault(`this browser cannot call: ${String(error)}`).error;
    }
  }

  function isInCall(): boolean {
    const kind = current?.room.snapshot.state.kind;
    return kind !== undefined && kind !== 'left' && kind !== 'refused';
  }

  /** Who asks the server for anything is about to go in. */
  async function prepareOffer(): Promise<void> {
    await prepared;
    if (tools === null || closed || isInCall()) return;
    await tools.offers.prepare(tools.mesh.fixedConfiguration([tools.certificate]));
  }

  /** Resolves with null once the connection is open, or with the reason why it will not be. */
  function whenOpen(): Promise<Refusal | null> {
    void prepareOffer();
    if (connection.isOpen) return Promise.resolve(null);
    return new Promise((resolve) => {
      const settle = (refusal: Refusal | null): void => {
        for (const stop of stops) stop();
        clearTimeout(timer);
        resolve(refusal);
      };
      const stops = [
        connection.on('opened', () => settle(null)),
        connection.on('refused', (refusal) => settle(refusal)),
      ];
      const timer = setTimeout(() => settle(fault('the server cannot be reached').error), peekWithinMs);
      connection.open();
    });
  }

  async function peekRoom(room: string): Promise<PeekResult> {
    const refusal = await whenOpen();
    if (refusal !== null) return { ok: false, refusal };
    return new Promise((resolve) => {
      connection.request('room-peek', { room }, (answer) =>
        resolve(answer.ok ? { ok: true, peek: answer.value } : { ok: false, refusal: answer.error }),
      );
    });
  }

  function joinRoom(join: JoinOptions): Room {
    current?.end('left');
    const opened = createRoom(join, {
      connection,
      log,
      // One with data channels is made when it is needed.
      readOffer: () =>
        join.channels === undefined || join.channels.length === 0 ? (tools?.offers.read() ?? null) : null,
      createTransport(host, iceServers) {
        if (tools === null) throw new Error('the room was entered before all was prepared');
        const { mesh, certificate, offers } = tools;
        // Those who are inside are called at once; who comes later makes the offer.
        queueMicrotask(() => offers.clear());
        return mesh.createMesh({
          host,
          iceServers,
          log,
          certificates: [certificate],
          iceTransportPolicy: join.iceTransportPolicy ?? 'all',
          channels: join.channels ?? [],
          createConnection: (configuration) => new RTCPeerConnection(configuration),
          takePrepared: (configuration) => offers.take(configuration),
        });
      },
    });
    current = opened;
    // In this turn where all is ready: what is asked for in a later one waits for what the page draws meanwhile.
    if (tools === null) void enterLater(opened);
    else opened.enter();
    return opened.room;
  }

  async function enterLater(opened: OpenRoom): Promise<void> {
    const refusal = await prepared;
    if (refusal === null) opened.enter();
    else opened.refuse(refusal);
  }

  return {
    connect: whenOpen,
    peekRoom,
    joinRoom,
    close() {
      closed = true;
      current?.end('closed');
      tools?.offers.clear();
      connection.close();
    },
  };
}
