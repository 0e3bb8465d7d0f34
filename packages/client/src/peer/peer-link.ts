import type { PeerMessage } from '@callbox/contract';
import type { ClientLog } from '../log.ts';
import { judgeGeneration } from '../logic/generation.ts';
import {
  createRecovery,
  judgeLink,
  judgeStates,
  nextLookAtMs,
  stepRecovery,
  type RecoveryAction,
  type RecoveryInput,
} from '../logic/recovery.ts';
import type { LinkState, MediaPath, RemoteTracks } from '../room-types.ts';
import { createPeerSession, type PeerSession, type Sending } from './peer-session.ts';
import type { OwnStreams } from './track-slots.ts';

export interface PeerLinkOptions {
  readonly polite: boolean;
  readonly streams: OwnStreams;
  readonly createConnection: () => RTCPeerConnection;
  readonly send: (message: PeerMessage) => void;
  /** Whether the other side can be told anything now. */
  readonly canSend: () => boolean;
  readonly onLink: (link: LinkState) => void;
  readonly onRemoteTracks: (tracks: RemoteTracks) => void;
  readonly log: ClientLog;
}

/** The way to one participant, through as many connections as it takes. */
export interface PeerLink {
  handleMessage(message: PeerMessage): void;
  send(sending: Sending): void;
  configure(configuration: RTCConfiguration): void;
  /** To be called when this browser has come to another network. */
  followNetwork(): void;
  /** How loud the participant is now, 0 to 1. */
  level(): number;
  close(): void;
}

/** How long mending is put off, each time, while the other side cannot be told of it. */
const unheardMs = 1_000;

export function createPeerLink(options: PeerLinkOptions): PeerLink {
  const { polite, log } = options;
  let recovery = createRecovery(polite, performance.now());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let path: MediaPath | null = null;
  let sending: Sending | null = null;
  let session = openSession(0);
  schedule();

  function openSession(generation: number): PeerSession {
    log('debug', 'a connection is opened', { generation, polite });
    const opened = createPeerSession({
      connection: options.createConnection(),
      polite,
      generation,
      log,
      streams: options.streams,
      send: options.send,
      onStates: followStates,
      onRemoteTracks: options.onRemoteTracks,
      onRemoteOffer: () => step('remote-offered'),
      onPath(found) {
        path = found;
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

  function rebuild(generation: number): void {
    session.close();
    path = null;
    session = openSession(generation);
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
    if (result.action !== null && !options.canSend()) {
      // Mending needs the other side, which cannot be told now.
      clearTimeout(timer);
      timer = setTimeout(() => step(input), unheardMs);
    } else {
      recovery = result.recovery;
      if (result.action !== null) mend(result.action, input);
      schedule();
    }
    publish();
  }

  function mend(action: RecoveryAction, input: RecoveryInput): void {
    log('debug', 'a connection is mended', { input, action });
    const generation = session.generation + 1;
    if (action === 'restart') session.restartIce();
    else if (polite) options.send({ kind: 'rebuild', generation });
    else rebuild(generation);
  }

  function schedule(): void {
    clearTimeout(timer);
    const nowMs = performance.now();
    const atMs = nextLookAtMs(recovery, nowMs);
    if (atMs !== null) timer = setTimeout(look, Math.max(0, atMs - nowMs));
  }

  function look(): void {
    const { connectionState, signalingState } = session.connection;
    // An offer that nobody answers keeps the connection from ever being mended, though it may look well.
    const isWell = connectionState === 'connected' && signalingState === 'stable' && !recovery.broken;
    step(isWell ? 'connected' : 'due');
  }

  function publish(): void {
    const kind = judgeLink(recovery, session.connection.connectionState, performance.now());
    options.onLink(kind === 'connected' ? { kind, path } : { kind });
  }

  return {
    handleMessage(message) {
      const verdict = judgeGeneration(message, session.generation, polite);
      if (verdict === 'drop') {
        log('debug', 'a message was dropped', { kind: message.kind, generation: message.generation });
        return;
      }
      if (verdict === 'rebuild') {
        rebuild(message.generation);
        step('replaced');
      }
      if (message.kind !== 'rebuild') session.handleMessage(message);
    },
    send(next) {
      sending = next;
      session.send(next);
    },
    configure(configuration) {
      try {
        session.connection.setConfiguration(configuration);
      } catch (error) {
        // The next connection gets it. What this one has serves until its credentials end.
        log('warn', 'a connection keeps its old ICE servers', { error });
      }
    },
    followNetwork: () => step('network-changed'),
    level: () => session.level(),
    close() {
      clearTimeout(timer);
      session.close();
    },
  };
}
