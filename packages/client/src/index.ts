/** The call engine for browsers. */
export { createRoomName, limits, parseRoomName, type RoomName } from '@callbox/contract';
export type { ChatMessage, ErrorCode, MediaState, ParticipantId, Refusal } from '@callbox/contract';
export type * from './local-media-types.ts';
export type * from './room-types.ts';
// Still to come: createCallboxClient(options?: ClientOptions): CallboxClient; createLocalMedia(): LocalMedia
