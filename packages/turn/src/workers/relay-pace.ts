import type { RelayId } from '../plane/route-change.ts';

interface Sample {
  readonly packets: number;
  readonly atMs: number;
}

/** How many packets a second each relay has, from one look to the next. */
export class RelayPace {
  #samples = new Map<RelayId, Sample>();

  /** @param packetsOf packets of a relay so far, both ways. Relays that were not there at the last look have no pace yet: 0. */
  look<R extends { readonly id: RelayId }>(
    relays: Iterable<R>,
    packetsOf: (relay: R) => number,
    nowMs: number,
  ): ReadonlyMap<RelayId, number> {
    const samples = new Map<RelayId, Sample>();
    const paces = new Map<RelayId, number>();
    for (const relay of relays) {
      const packets = packetsOf(relay);
      const before = this.#samples.get(relay.id);
      const elapsedMs = before === undefined ? 0 : nowMs - before.atMs;
      const more = before === undefined ? 0 : packets - before.packets;
      paces.set(relay.id, elapsedMs > 0 ? Math.max(0, (more * 1000) / elapsedMs) : 0);
      samples.set(relay.id, { packets, atMs: nowMs });
    }
    this.#samples = samples;
    return paces;
  }

  forget(): void {
    this.#samples.clear();
  }
}
