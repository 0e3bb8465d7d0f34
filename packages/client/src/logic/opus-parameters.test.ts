import { describe, expect, it } from 'vitest';
import { askForSparingOpus } from './opus-parameters.ts';

const lines = (...each: string[]) => `${each.join('\r\n')}\r\n`;

describe('asking for sparing Opus', () => {
  it('adds both parameters to those that are there, in every section', () => {
    const sdp = lines(
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;useinbandfec=1',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;useinbandfec=0;usedtx=0',
    );
    expect(askForSparingOpus(sdp)).toBe(
      lines(
        'm=audio 9 UDP/TLS/RTP/SAVPF 111',
        'a=rtpmap:111 opus/48000/2',
        'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1',
        'm=audio 9 UDP/TLS/RTP/SAVPF 111',
        'a=rtpmap:111 opus/48000/2',
        'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1',
      ),
    );
  });

  it('touches no other codec, not even one whose number begins alike', () => {
    const sdp = lines(
      'a=rtpmap:11 opus/48000/2',
      'a=rtpmap:111 red/48000/2',
      'a=fmtp:111 11/11',
      'a=rtpmap:96 VP8/90000',
    );
    expect(askForSparingOpus(sdp)).toBe(sdp);
  });

  it('changes nothing the second time', () => {
    const once = askForSparingOpus(lines('a=rtpmap:109 opus/48000/2', 'a=fmtp:109 stereo=1'));
    expect(once).toContain('a=fmtp:109 stereo=1;useinbandfec=1;usedtx=1\r\n');
    expect(askForSparingOpus(once)).toBe(once);
  });
});
