import { describe, expect, it } from 'vitest';
import { keepDtlsRole, remoteDtlsRole } from './dtls-role.ts';

const offer = { type: 'offer', sdp: 'm=audio\r\na=setup:actpass\r\nm=video\r\na=setup:actpass\r\n' } as const;
const answer = (role: string) => ({ type: 'answer', sdp: `m=audio\r\na=setup:${role}\r\n` }) as const;

describe('the DTLS role of the other side', () => {
  it('is what it answered', () => {
    expect(remoteDtlsRole(offer, answer('active'))).toBe('active');
    expect(remoteDtlsRole(offer, answer('passive'))).toBe('passive');
  });

  it('is the opposite of what we answered', () => {
    expect(remoteDtlsRole(answer('active'), offer)).toBe('passive');
    expect(remoteDtlsRole(answer('passive'), offer)).toBe('active');
  });

  it('is open before there is an answer', () => {
    expect(remoteDtlsRole(null, null)).toBeNull();
    expect(remoteDtlsRole(offer, null)).toBeNull();
    expect(remoteDtlsRole(null, offer)).toBeNull();
  });

  it('is written into every section of a later offer that leaves it open', () => {
    expect(keepDtlsRole(offer.sdp, 'active')).toBe(
      'm=audio\r\na=setup:active\r\nm=video\r\na=setup:active\r\n',
    );
    expect(keepDtlsRole(offer.sdp, null)).toBe(offer.sdp);
  });
});
