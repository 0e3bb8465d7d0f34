/** Methods of RFC 8656 §17. */
export const TURN_METHOD = {
  allocate: 0x003, // Allocate
  refresh: 0x004, // Refresh
  send: 0x006, // Send
  data: 0x007, // Data
  createPermission: 0x008, // CreatePermission
  channelBind: 0x009, // ChannelBind
} as const;
