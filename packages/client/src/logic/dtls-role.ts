interface Description {
  readonly type: RTCSdpType;
  readonly sdp: string;
}

/**
 * Which side of the DTLS handshake the other one took: `active` began it. Read from the answer in force; null before
 * there is one.
 */
export function remoteDtlsRole(
  local: Description | null,
  remote: Description | null,
): 'active' | 'passive' | null {
  if (remote?.type === 'answer') return readRole(remote.sdp);
  const own = local?.type === 'answer' ? readRole(local.sdp) : null;
  if (own === null) return null;
  return own === 'active' ? 'passive' : 'active';
}

/**
 * Writes the role that the other side has into its new offer, in place of `actpass`.
 *
 * RFC 8842 §5.5: a later offer may name the role in force instead of leaving it open. Browsers leave it open, and then
 * Firefox, when asked to restart ICE on a connection that it offered first, answers with the other role than before
 * (seen in 153). Chromium refuses such an answer: "Failed to set SSL role for the transport".
 */
export function keepDtlsRole(sdp: string, role: 'active' | 'passive' | null): string {
  return role === null ? sdp : sdp.replace(/^a=setup:actpass/gm, `a=setup:${role}`);
}

function readRole(sdp: string): 'active' | 'passive' | null {
  const role = /^a=setup:(active|passive)/m.exec(sdp)?.[1];
  return role === 'active' || role === 'passive' ? role : null;
}
