import type { ControlLimits, Lifetimes } from '../control/control.ts';
import type { QuestionLimits } from '../control/questions.ts';
import type { PlaneLimits } from '../plane/data-plane.ts';
import type { ConnectionLimits } from '../transport/connection-gate.ts';
import type { StreamLimits } from '../transport/stream-client.ts';
import { TurnOptionsError } from './turn-options-error.ts';
import type { TurnLifetimes, TurnLimits } from './turn-server-options.ts';

/**
 * Refuses what is no amount. A limit that is not a number would be no limit, since nothing is greater.
 *
 * @throws TurnOptionsError
 */
export function checkLimits(given: TurnLimits | TurnLifetimes): void {
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    if (typeof value === 'object' && value !== null) checkLimits(value);
    else if (value !== undefined && !(typeof value === 'number' && value >= 0)) {
      throw new TurnOptionsError('INVALID_LIMIT', `${name} has to be a number, 0 or more`);
    }
  }
}

export function resolveLifetimes(given: TurnLifetimes): Lifetimes {
  return {
    defaultAllocationSeconds: given.defaultAllocationSeconds ?? 600,
    maxAllocationSeconds: given.maxAllocationSeconds ?? 3600,
    permissionSeconds: given.permissionSeconds ?? 300,
    channelSeconds: given.channelSeconds ?? 600,
    channelHoldSeconds: given.channelHoldSeconds ?? 300,
    nonceSeconds: given.nonceSeconds ?? 600,
  };
}

export function resolveLimits(given: TurnLimits): ControlLimits {
  return {
    allocationsPerAccount: given.allocationsPerUser ?? 1000,
    allocationsPerSource: given.allocationsPerSource ?? 3000,
    allocationsTotal: given.allocationsTotal ?? 20_000,
    permissionsPerAllocation: given.permissionsPerAllocation ?? 128,
    channelsPerAllocation: given.channelsPerAllocation ?? 256,
    strangerAnswers: given.strangerAnswers ?? { burst: 300, perSecond: 100 },
  };
}

export function resolveStreamLimits(given: TurnLimits): StreamLimits {
  return {
    messageTimeoutMs: given.streamMessageTimeoutMs ?? 10_000,
    idleTimeoutMs: given.streamIdleTimeoutMs ?? 60_000,
    maxFrameBytes: given.streamMaxFrameBytes ?? 65_555,
    maxQueuedBytes: given.streamMaxQueuedBytes ?? 1024 * 1024,
  };
}

export function resolveConnectionLimits(given: TurnLimits): ConnectionLimits {
  return { total: given.connectionsTotal ?? 10_000, perSource: given.connectionsPerSource ?? 3000 };
}

export function resolvePlaneLimits(given: TurnLimits): PlaneLimits {
  return {
    clientSockets: given.clientSockets ?? 512,
    bytesPerSecondPerUser: given.bytesPerSecondPerUser ?? 12_500_000,
    bytesPerSecondPerRelay: given.bytesPerSecondPerAllocation ?? Infinity,
  };
}

export function resolveQuestionLimits(given: TurnLimits): QuestionLimits {
  return {
    maxHeldRequests: given.heldRequests ?? 1000,
    timeoutMs: given.findUserTimeoutMs ?? 5000,
  };
}
