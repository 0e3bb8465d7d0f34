// What is measured. The first is the one that counts; a relay has many loads, and ours is not the cheapest under all of them.
const BASE = {
  allocations: 50,
  bytes: 1200,
  pattern: 'both',
  framing: 'channels',
  transport: 'udp',
  window: 16,
};

/**
 * Who takes turns: a name, and how it is started. One that is extra has only the loads that are for it (`isForWorkers`). What is dearer
 * than both others anyway has a turn in every second round only.
 */
export const servers = [
  { name: 'linux', options: { plane: 'linux' } },
  { name: 'coturn', isCoturn: true },
  { name: 'dgram', options: { plane: 'dgram' }, everyRounds: 2 },
  // They share the server's core: what two cost beside one process is the question.
  { name: 'workers', options: { plane: 'linux', workers: 2 }, isExtra: true },
  // Answers and decides nothing: the system calls of setting up, which no server can do without.
  { name: 'floor', isFloor: true, isExtra: true },
];

/**
 * `name`, the load's options, whether it belongs to a quick look (`isQuick`), and what docs/performance.md calls it
 * (`title`), the most that is wanted as a share of coturn's (`atMost`) and the goal.
 */
export const scenarios = [
  {
    name: 'channels, 1200 B, 50 allocations, both ways',
    isQuick: true,
    isForWorkers: true,
    atMost: 0.7,
    goal: 0.5,
    ...BASE,
  },
  {
    name: 'the same by Send and Data indications, as Firefox has them',
    isQuick: true,
    atMost: 0.8,
    goal: 0.55,
    ...BASE,
    framing: 'indications',
  },
  {
    name: 'relay to relay, between two clients of one server',
    isQuick: true,
    atMost: 0.6,
    goal: 0.35,
    ...BASE,
    pattern: 'relays',
  },
  { name: 'relay to relay, 160 B', ...BASE, pattern: 'relays', bytes: 160 },
  { name: '160 B, channels', ...BASE, bytes: 160 },
  { name: '160 B, Send and Data indications', ...BASE, bytes: 160, framing: 'indications' },
  { name: 'senders in bursts of 8', ...BASE, burst: 8 },
  {
    name: '20,000 packets/s by the clock',
    isPaced: true,
    delayAtMost: 1,
    delayGoal: 0.7,
    ...BASE,
    perSecond: 20_000,
  },
  {
    name: 'beside an allocation that floods, 5,000 packets/s by the clock',
    isPaced: true,
    ...BASE,
    perSecond: 5000,
    floodWindow: 512,
  },
  { name: 'client to peer', ...BASE, pattern: 'up' },
  { name: 'peer to client', ...BASE, pattern: 'down' },
  { name: '1 allocation', ...BASE, allocations: 1, window: 64 },
  { name: '500 allocations', ...BASE, allocations: 500, window: 4 },
  { name: 'clients on TCP', isQuick: true, ...BASE, transport: 'tcp' },
  { name: 'clients on TLS', isQuick: true, ...BASE, transport: 'tls' },
];

/** What is done with allocations besides media. Memory is that of a server just started. */
export const chores = {
  setUps: { warmUp: 3000, allocations: 3000, atOnce: 32 },
  memory: { first: 1000, more: 3000 },
};
