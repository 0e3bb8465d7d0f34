import type { PeerMessage } from '@callbox/contract';

/** What belongs to one connection of a pair. */
export type LinkMessage = Extract<PeerMessage, { readonly generation: number }>;

/**
 * Which connection of a pair a message belongs to.
 *
 * - `handle`: the present one.
 * - `rebuild`: a newer one; ours is to be replaced first.
 * - `drop`: one that is gone, or a demand that this side may not make.
 *
 * Only the impolite side begins a generation, by its offer. The polite side asks for one with `rebuild`.
 */
export function judgeGeneration(
  message: LinkMessage,
  generation: number,
  polite: boolean,
): 'handle' | 'rebuild' | 'drop' {
  if (message.kind === 'rebuild') return !polite && message.generation > generation ? 'rebuild' : 'drop';
  if (message.generation === generation) return 'handle';
  const begins = message.kind === 'description' && message.type === 'offer';
  return begins && polite && message.generation > generation ? 'rebuild' : 'drop';
}
