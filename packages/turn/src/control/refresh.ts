import { readAttribute } from '@callbox/stun';
import { withdrawRoutes } from '../allocation/withdraw-routes.ts';
import type { Instant } from '../auth/instant.ts';
import { lifetime } from '../codec/lifetime.ts';
import { requestedAddressFamily } from '../codec/requested-address-family.ts';
import type { RouteChange } from '../plane/route-change.ts';
import type { Control, Family } from './control.ts';
import { endAllocation, releasePort } from './end-allocation.ts';
import { grantedLifetimeSeconds } from './granted-lifetime.ts';
import { failure, success, type MethodResult } from './outcome.ts';
import type { AllocationRequest } from './verified-request.ts';

/** Refresh (RFC 8656 §8.2). Permissions and channels keep their own time. */
export function handleRefresh(control: Control, now: Instant, request: AllocationRequest): MethodResult {
  const { allocation, message } = request;
  const family = readAttribute(message, requestedAddressFamily);
  const asked = readAttribute(message, lifetime);
  if (family.kind === 'malformed' || asked.kind === 'malformed') return failure(400);
  const matching = allocation.ports.filter(
    (port) => family.kind === 'absent' || port.family === family.value,
  );
  if (matching.length === 0) return failure(443);

  if (asked.kind === 'present' && asked.value === 0) {
    return deletePorts(control, now, { request, families: matching.map((port) => port.family) });
  }
  const seconds = grantedLifetimeSeconds(control, asked.kind === 'present' ? asked.value : undefined);
  allocation.expiresAtMs = now.monotonicMs + seconds * 1000;
  return success([lifetime.encode(seconds, message.transactionId)], {
    changes: [],
    events: [{ kind: 'allocation-refreshed', allocation }],
  });
}

/** A client with two families may give back one of them (RFC 8656 §8.1), and with it all that leads to its peers. */
function deletePorts(
  control: Control,
  now: Instant,
  { request, families }: { readonly request: AllocationRequest; readonly families: readonly Family[] },
): MethodResult {
  const { allocation, message } = request;
  const attributes = [lifetime.encode(0, message.transactionId)];
  if (families.length === allocation.ports.length) {
    return success(attributes, endAllocation(control, now.monotonicMs, { allocation, cause: 'deleted' }));
  }
  const withdrawn = withdrawRoutes(allocation, now.monotonicMs, ({ family }) => families.includes(family));
  for (const port of allocation.ports) {
    if (families.includes(port.family)) releasePort(control, now.monotonicMs, port);
  }
  allocation.ports = allocation.ports.filter((port) => !families.includes(port.family));
  return success(attributes, {
    changes: [
      ...withdrawn,
      ...families.map((family): RouteChange => ({ kind: 'remove-port', relay: allocation.id, family })),
    ],
    events: [],
  });
}
