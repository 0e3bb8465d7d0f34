import type { LinkQuality } from '@callbox/client';
import type { CallWords } from './call-words.tsx';

/** How a connection is, in words; whose network it is, where that can be told. */
export function describeQuality({ bars, blame }: LinkQuality, name: string, c: CallWords): string {
  const how = c(`quality.${bars}`);
  if (blame === null) return how;
  return c('quality.blame', {
    how,
    whose: blame === 'here' ? c('quality.here') : c('quality.there', { name }),
  });
}
