/**
 * What to do with a remote description (W3C WebRTC §10.7, perfect negotiation).
 *
 * All descriptions of one connection, ours and theirs, pass one serial queue, so none is being made or applied while
 * this is asked. That is what `makingOffer` and `isSettingRemoteAnswerPending` guard against elsewhere: with the queue
 * the signaling state alone tells whether an offer of ours is open.
 *
 * - `apply`: hand it to the connection; for an offer that crosses ours this rolls ours back.
 * - `ignore`: our own offer stands, theirs is dropped together with its candidates.
 * - `drop`: an answer to nothing; it came late.
 */
export function judgeDescription(
  type: 'offer' | 'answer',
  signalingState: RTCSignalingState,
  polite: boolean,
): 'apply' | 'ignore' | 'drop' {
  const offerOpen = signalingState === 'have-local-offer';
  if (type === 'answer') return offerOpen ? 'apply' : 'drop';
  return offerOpen && !polite ? 'ignore' : 'apply';
}
