/** Loopback ports that the suite's servers use; the test files run one after another, so nothing here meets itself. */
export const PORTS = {
  callbox: { listen: 21_078, relay: { min: 21_200, max: 21_399 } },
  coturn: { listen: 21_080, relay: { min: 21_400, max: 21_599 } },
  coturnWithSecret: { listen: 21_082, relay: { min: 21_600, max: 21_799 } },
  testerPeer: 21_900,
} as const;
