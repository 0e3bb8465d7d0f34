import type { TransportAddress } from '@callbox/stun';
import { transportAddressKey } from './address-key.ts';
import type { Allocation } from './allocation.ts';

/** What a ChannelBind would meet: nothing, the same binding, or another one that has the number or the peer. */
export type ChannelOccupancy = 'free' | 'same' | 'taken';

/** Bindings that have expired still count while they are held (RFC 8656 §12). */
export function channelOccupancy(
  allocation: Allocation,
  channel: number,
  peer: TransportAddress,
): ChannelOccupancy {
  const numberOfPeer = allocation.channelByPeer.get(transportAddressKey(peer));
  if (numberOfPeer === channel) return 'same';
  return numberOfPeer === undefined && !allocation.channels.has(channel) ? 'free' : 'taken';
}

/** Binds or refreshes a channel; true when the data plane does not have it yet. */
export function installChannel(
  allocation: Allocation,
  channel: number,
  binding: { readonly peer: TransportAddress; readonly expiresAtMs: number; readonly heldUntilMs: number },
): boolean {
  const target = allocation;
  const isNew = allocation.channels.get(channel)?.isBound !== true;
  allocation.channels.set(channel, {
    channel,
    peer: binding.peer,
    expiresAtMs: binding.expiresAtMs,
    heldUntilMs: binding.heldUntilMs,
    isBound: true,
  });
  allocation.channelByPeer.set(transportAddressKey(binding.peer), channel);
  target.nextExpiryMs = Math.min(allocation.nextExpiryMs, binding.expiresAtMs);
  return isNew;
}
