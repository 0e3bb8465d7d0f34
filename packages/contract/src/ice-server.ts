import * as v from 'valibot';

/** One entry of `RTCConfiguration.iceServers` (W3C WebRTC §4.2.2). */
export const iceServerSchema = v.object({
  urls: v.array(v.string()),
  username: v.exactOptional(v.string()),
  credential: v.exactOptional(v.string()),
});
export type IceServer = v.InferOutput<typeof iceServerSchema>;

/** ICE servers for one participant, with credentials of its own. */
export const iceGrantSchema = v.object({
  iceServers: v.array(iceServerSchema),
  /** How long the credentials open new allocations, in seconds from now. Ask again before that. */
  lifetimeSeconds: v.number(),
  /**
   * Names this run of the relay, where the signaling server knows it. Another value than before: what was allocated there is
   * gone, and relayed connections need an ICE restart.
   */
  relayInstanceId: v.exactOptional(v.string()),
});
export type IceGrant = v.InferOutput<typeof iceGrantSchema>;
