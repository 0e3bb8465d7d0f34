/** Where old clients look for signaling; ours have a path of their own. */
export const OLD_PATH = '/socket.io/';
