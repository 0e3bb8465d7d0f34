// What is measured. The first is the one that counts; a relay has many loads, and ours is not the cheapest under all of them.
const BASE = {
  allocations: 50,
  bytes: 1200,
  pattern: 'both',
  framing: 'channels',
  transport: 'udp',
  window: 16,
};

/** `name`, the load's options, and whether it belongs to a quick look. */
export const scenarios = [
  { name: 'channels, 1200 B, 50 allocations, both ways', isQuick: true, ...BASE },
  { name: 'the same by Send/Data', isQuick: true, ...BASE, framing: 'indications' },
  { name: 'relay to relay', isQuick: true, ...BASE, pattern: 'relays' },
  { name: 'client to peer', ...BASE, pattern: 'up' },
  { name: 'peer to client', ...BASE, pattern: 'down' },
  { name: '160 B', ...BASE, bytes: 160 },
  { name: '160 B by Send/Data', ...BASE, bytes: 160, framing: 'indications' },
  { name: '1 allocation', ...BASE, allocations: 1, window: 64 },
  { name: '500 allocations', ...BASE, allocations: 500, window: 4 },
  { name: 'senders in bursts of 8', ...BASE, burst: 8 },
  { name: '20,000/s by the clock', isPaced: true, ...BASE, perSecond: 20_000 },
  {
    name: 'beside an allocation that floods, 5,000/s by the clock',
    isPaced: true,
    ...BASE,
    perSecond: 5000,
    floodWindow: 512,
  },
  { name: 'relay to relay, 160 B', ...BASE, pattern: 'relays', bytes: 160 },
  { name: 'TCP clients', isQuick: true, ...BASE, transport: 'tcp' },
];

/** What is done with allocations besides media. */
export const chores = { setUps: { allocations: 500, atOnce: 32 }, memory: { allocations: 1000 } };
