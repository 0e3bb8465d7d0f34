import type { MediaState } from '@callbox/contract';
import type { ClientLog } from '../log.ts';
import { noDetour, stepDetour, type DetourInput } from '../logic/detour.ts';
import { judgeFlow, watchForMs } from '../logic/flow.ts';
import { judgeGeneration, type LinkMessage } from '../logic/generation.ts';
import {
  createRecovery,
  judgeLink,
  judgeStates,
  nextLookAtMs,
  stepRecovery,
  type RecoveryAction,
  type RecoveryInput,
} from '../logic/recovery.ts';
import type { LinkReading } from '../logic/link-statistics.ts';
import type { LinkState, MediaPath, RemoteTracks } from '../room-types.ts';
import type { PreparedOffer } from './prepare-offer.ts';
import { createPeerSession, type PeerSession, type Sending } from './peer-session.ts';
import type { OwnStreams, SectionLayout } from './track-slots.ts';

export interface PeerLinkOptions {
  readonly polite: boolean;
  readonly streams: OwnStreams;
  /** Any other than `all` is towards a participant of the plain dialect. Default `all`. */
  readonly layout?: SectionLayout;
  /** Of the sections that this side opens. Default `sendrecv`. */
  readonly direction?: RTCRtpTransceiverDirection;
  /** The generation of the first connection. Default 0. */
  readonly firstGeneration?: number;
  /** Labels of the data channels that each connection has from its start. Default: none. */
  readonly channels?: readonly string[];
  readonly createConnection: () => RTCPeerConnection;
  /** For the first connection, where this side makes the first offer and it has no channels: one that has its offer already. */
  readonly prepared?: PreparedOffer | null;
  readonly send: (message: LinkMessage) => void;
  /** Whether the other side can be told anything now, and would hear it. */
  readonly canSend: () => boolean;
  /** Whether a direct way is wanted at all. */
  readonly seeksDirectPath: boolean;
  readonly onLink: (link: LinkState) => void;
  readonly onRemoteTracks: (tracks: RemoteTracks) => void;
  readonly onChannel: (channel: RTCDataChannel) => void;
  readonly log: ClientLog;
}

/** The way to one participant, through as many connections as it takes. */
export interface PeerLink {
  handleMessage(message: LinkMessage): void;
  send(sending: Sending): void;
  /** What the participant says of its media. Only a plain one needs it, to tell when its screen ends. */
  followMedia(media: MediaState): void;
  openChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel;
  configure(configuration: RTCConfiguration): void;
  /** To be called when this browser has come to another network. */
  followNetwork(): void;
  /** To be called when there is a reason to doubt that media still flows: restarts ICE if it does not. */
  suspect(): void;
  /**
   * To be called when the other side can be told things again: what has waited for that is done. With `back: 'other'` it was
   * the other side that was away.
   */
  resume(back: 'self' | 'other'): void;
  /** To be called when the relay was replaced: restarts ICE if media goes that way. */
  replaceRelay(): void;
  /** How loud the participant is now, 0 to 1. */
  level(): number;
  /** One look at what flows; null while the connection is not up. */
  readStatistics(): Promise<LinkReading | null>;
  close(): void;
  /** As `close`, where the participant has left: the connection itself closes a moment later. */
  retire(): void;
}

/** How long mending is put off, each time, while the other side cannot be told of it. */
const unheardMs = 1_000;
/** An offer of the other side may have waited for us just as ours has waited for it: one side reads first. */
const readingMs = 300;

export function createPeerLink(options: PeerLinkOptions): PeerLink {
  const { layout = 'all', log } = options;
  // A plain participant mends nothing: this side waits for nobody.
  const polite = options.polite && layout === 'all';
  let recovery = createRecovery(polite, performance.now());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let path: MediaPath | null = null;
  let sending: Sending | null = null;
  let detour = noDetour;
  let detourTimer: ReturnType<typeof setTimeout> | undefined;
  /** What waits for others to be told. */
  let unheard: RecoveryInput | null = null;
  let over = false;
  let session = openSession(options.firstGeneration ?? 0, options.polite, options.prepared ?? undefined);
  schedule();

  function openSession(generation: number, waitsForOffer: boolean, prepared?: PreparedOffer): PeerSession {
    log('debug', 'a connection is opened', { generation, waitsForOffer });
    const opened = createPeerSession({
      connection: prepared?.connection ?? options.createConnection(),
      prepared,
      polite: waitsForOffer,
      generation,
      log,
      layout,
      direction: options.direction ?? 'sendrecv',
      channels: options.channels ?? [],
      streams: options.streams,
      send: options.send,
      canSend: options.canSend,
      onStates: followStates,
      onRemoteTracks: options.onRemoteTracks,
      onChannel: options.onChannel,
      onRemoteOffer: () => step('remote-offered'),
      onPath(found) {
        path = found;
        followDetour(found.relayed ? 'relayed' : 'direct');
        publish();
      },
      onFailed(error) {
        log('warn', 'a connection could not be negotiated', { generation, error });
        step('negotiation-failed');
      },
    });
    if (sending !== null) opened.send(sending);
    return opened;
  }

  function rebuild(generation: number, waitsForOffer: boolean): void {
    // What makes a new connection necessary has just changed the states of the old one.
    session.retire();
    path = null;
    session = openSession(generation, waitsForOffer);
  }

  function followStates(): void {
    const { connectionState, iceConnectionState } = session.connection;
    log('debug', 'a connection changed', {
      generation: session.generation,
      connectionState,
      iceConnectionState,
    });
    const input = judgeStates(connectionState, iceConnectionState);
    if (input === null) publish();
    else step(input);
  }

  function step(input: RecoveryInput): void {
    const result = stepRecovery(recovery, input, performance.now());
    const needsOther = result.action === 'restart' || result.action === 'rebuild';
    if (needsOther && !options.canSend()) {
      // Mending needs the other side, which cannot be told now.
      unheard = input;
      clearTimeout(timer);
      timer = setTimeout(() => step(input), unheardMs);
    } else {
      unheard = null;
      recovery = result.recovery;
      if (result.action !== null) act(result.action, input);
      schedule();
    }
    publish();
  }

  function act(action: RecoveryAction, input: RecoveryInput): void {
    if (action === 'look') return void watchFlow();
    log('debug', 'a connection is mended', { input, action });
    const generation = session.generation + 1;
    if (action === 'restart') session.restartIce();
    else if (polite) options.send({ kind: 'rebuild', generation });
    else rebuild(generation, false);
  }

  /** Looks at the statistics twice, and says what is to be seen. Statistics that never come are answered by time. */
  async function watchFlow(): Promise<void> {
    const watched = session;
    const heardLately = watched.hasHeardLately();
    try {
      const before = await watched.readFlow();
      await new Promise((resolve) => setTimeout(resolve, watchForMs(before)));
      const after = await watched.readFlow();
      if (!over && session === watched) step(judgeFlow(before, after, heardLately));
    } catch (error) {
      log('debug', 'the statistics of a connection cannot be read', { error });
    }
  }

  function followDetour(input: DetourInput): void {
    // One side is enough.
    if (!options.seeksDirectPath || polite) return;
    const nowMs = performance.now();
    const result = stepDetour(detour, input, nowMs);
    detour = result.detour;
    if (result.probe) step('detoured');
    clearTimeout(detourTimer);
    if (detour.dueAtMs !== null) {
      detourTimer = setTimeout(
        () => {
          followDetour(recovery.next === null && isWell() && options.canSend() ? 'due' : 'busy');
        },
        Math.max(0, detour.dueAtMs - nowMs),
      );
    }
  }

  function isWell(): boolean {
    const { connectionState, signalingState } = session.connection;
    // An offer that nobody answers keeps the connection from ever being mended, though it may look well.
    return connectionState === 'connected' && signalingState === 'stable' && !recovery.broken;
  }

  function schedule(): void {
    clearTimeout(timer);
    const nowMs = performance.now();
    const atMs = nextLookAtMs(recovery, nowMs);
    if (atMs !== null) timer = setTimeout(look, Math.max(0, atMs - nowMs));
  }

  function look(): void {
    // What is still to be begun, on a connection that looks well, has its reason.
    const hasHelped = (recovery.attempting || recovery.looking) && isWell();
    step(hasHelped ? 'connected' : 'due');
  }

  function end(): void {
    over = true;
    clearTimeout(timer);
    clearTimeout(detourTimer);
  }

  function publish(): void {
    const kind = judgeLink(recovery, session.connection.connectionState, performance.now());
    options.onLink(kind === 'connected' ? { kind, path } : { kind });
  }

  return {
    handleMessage(message) {
      const verdict = judgeGeneration(message, session.generation, options.polite);
      if (verdict === 'drop') {
        log('debug', 'a message was dropped', { kind: message.kind, generation: message.generation });
        return;
      }
      if (verdict === 'rebuild') {
        rebuild(message.generation, options.polite);
        step('replaced');
      }
      if (message.kind !== 'rebuild') session.handleMessage(message);
    },
    send(next) {
      sending = next;
      session.send(next);
    },
    followMedia() {},
    openChannel: (label, init) => session.openChannel(label, init),
    configure(configuration) {
      try {
        session.connection.setConfiguration(configuration);
      } catch (error) {
        // The next connection gets it. What this one has serves until its credentials end.
        log('warn', 'a connection keeps its old ICE servers', { error });
      }
    },
    followNetwork() {
      followDetour('network-changed');
      step('network-changed');
    },
    suspect: () => step('suspected'),
    resume(back) {
      const waiting = unheard;
      if (waiting === null) return;
      clearTimeout(timer);
      timer = setTimeout(() => step(waiting), polite || back === 'other' ? readingMs : 0);
    },
    replaceRelay() {
      // A path that nobody has seen yet may be one over the relay.
      // What is known to be silent is about to be mended anyway.
      if (path?.relayed !== false && unheard === null) step('relay-lost');
    },
    level: () => session.level(),
    readStatistics: () => session.readStatistics(),
    close() {
      end();
      session.close();
    },
    retire() {
      end();
      session.retire();
    },
  };
}
