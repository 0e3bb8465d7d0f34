/** The version of the signaling contract that this build speaks. A change that an older side cannot ignore adds one. */
export const CONTRACT_VERSION = 2;

/** The oldest version of the contract that this build still understands. */
export const OLDEST_CONTRACT_VERSION = 1;

/** The path of the socket.io endpoint, on every port that serves signaling. */
export const SIGNALING_PATH = '/signaling/';
