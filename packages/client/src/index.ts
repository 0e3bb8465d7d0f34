/** The call engine for browsers. */
export { createRoomName, limits, parseRoomName, type RoomName } from '@callbox/contract';
export type { ChatMessage, ErrorCode, MediaState, ParticipantId, Refusal } from '@callbox/contract';
export { checkWays } from './check/check-types.ts';
export type {
  CheckFailure,
  CheckFigures,
  CheckState,
  CheckWay,
  ConnectivityCheck,
  ConnectivitySnapshot,
} from './check/check-types.ts';
export { createConnectivityCheck, type ConnectivityCheckOptions } from './check/create-connectivity-check.ts';
export { createCallboxClient } from './create-callbox-client.ts';
export {
  findDevice,
  listDevices,
  watchDevices,
  type DeviceList,
  type ListedDevice,
} from './devices/list-devices.ts';
export { createLocalMedia } from './media/create-local-media.ts';
export type { ClientLog } from './log.ts';
export type * from './local-media-types.ts';
export { sumStreams, type StreamsSum } from './logic/sum-streams.ts';
export type { Wanted } from './logic/sending-plan.ts';
export type * from './room-types.ts';
export {
  recordStatistics,
  type ParticipantLook,
  type RecordedRoom,
  type StatisticsLook,
  type StatisticsRecord,
} from './statistics/record-statistics.ts';
export type * from './statistics-types.ts';
