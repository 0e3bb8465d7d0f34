/**
 * Asks our own Opus encoder to pause in silence (`usedtx`) and to repair single losses (`useinbandfec`).
 *
 * RFC 7587 §6.1: both say what the *receiver* would like, so they go into the description that came from the other
 * side, before it is applied. Browsers offer no other way. A description without Opus parameters is left as it is.
 */
export function askForSparingOpus(sdp: string): string {
  let result = sdp;
  for (const [, payloadType] of sdp.matchAll(/^a=rtpmap:(\d+) opus\/48000/gim)) {
    const line = new RegExp(`^(a=fmtp:${payloadType}) (.*)$`, 'gm');
    result = result.replace(line, (_, head: string, list: string) => {
      const others = list.split(';').filter((parameter) => !/^\s*(usedtx|useinbandfec)=/.test(parameter));
      return `${head} ${[...others, 'useinbandfec=1', 'usedtx=1'].join(';')}`;
    });
  }
  return result;
}
