/** The class that old pages know, on top of our client. */
export { FileReceiver, FileSender, type FileMetadata } from './file-transfer.ts';
export type { PageMessage } from './old-connection.ts';
export type { LocalVideoOptions, Logger, SimpleWebRTCOptions } from './options.ts';
export type { Peer, PeerConnectionView, PeerEvents, PeerType } from './peer.ts';
export { advisePlace, adviseSilence, type PagePlace } from './place-advice.ts';
export type { RoomDescription } from './room-description.ts';
export { SimpleWebRTC } from './simple-webrtc.ts';
export type { SimpleWebRTCEvents } from './simple-webrtc-events.ts';
