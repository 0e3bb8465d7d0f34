import type { Config } from './options.ts';
import type { PageMessage } from './old-connection.ts';
import type { Peer, PeerEvents } from './peer.ts';

/** What an instance tells, by event: the values that its listeners are handed. */
export interface SimpleWebRTCEvents extends PeerEvents {
  /** The server is reached; `readyToCall` follows once the devices that the page wants are there too. */
  connectionReady: [id: string];
  readyToCall: [id: string];
  createdPeer: [peer: Peer];
  /** Also when it failed, after `error`. */
  joinedRoom: [name: string];
  leftRoom: [name: string | undefined];
  videoAdded: [element: HTMLMediaElement, peer: Peer];
  videoRemoved: [element: HTMLElement, peer?: Peer];
  peerStreamAdded: [peer: Peer];
  peerStreamRemoved: [peer: Peer];
  localStreamRequested: [constraints: Config['media']];
  localStream: [stream: MediaStream];
  localStreamRequestFailed: [constraints: Config['media'], error: Error];
  localStreamStopped: [stream: MediaStream];
  localMediaError: [error: Error];
  localScreen: [stream: MediaStream];
  localScreenAdded: [element: HTMLMediaElement];
  localScreenStopped: [stream: MediaStream];
  localScreenRequestFailed: [error: Error];
  audioOn: [];
  audioOff: [];
  videoOn: [];
  videoOff: [];
  mute: [data: { readonly id: string; readonly name: 'audio' | 'video' }];
  unmute: [data: { readonly id: string; readonly name: 'audio' | 'video' }];
  speaking: [];
  stoppedSpeaking: [];
  volumeChange: [decibels: number, threshold: number];
  remoteVolumeChange: [peer: Peer, decibels: number];
  iceFailed: [peer: Peer];
  connectivityError: [peer: Peer];
  /** What this page sends to another. */
  message: [message: PageMessage];
  error: [error: unknown];
}
