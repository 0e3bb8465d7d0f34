import type { PeerRule } from '../policy/peer-policy.ts';
import type { Logger } from './turn-server-options.ts';

/**
 * An embedder's rule, made safe to ask: whatever is not `true` is a denial, be it an error or a promise that nobody waits
 * for. An error is logged once, since it will likely come again for each peer.
 */
export function guardPeerRule(rule: PeerRule, logger: Logger): PeerRule {
  let hasFailed = false;
  return (peer, user) => {
    try {
      const answer: unknown = rule(peer, user);
      return answer === true;
    } catch (error) {
      if (!hasFailed) logger.error('the rule on relay peers failed, which denies the peer', { error });
      hasFailed = true;
      return false;
    }
  };
}
