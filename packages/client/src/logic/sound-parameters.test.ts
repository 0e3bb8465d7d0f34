import { describe, expect, it } from 'vitest';
import { askForSound, fullSound, offerStereo, plainVoice } from './sound-parameters.ts';

const lines = (...each: string[]) => `${each.join('\r\n')}\r\n`;
const head = lines('v=0', 'a=group:BUNDLE 0 1 2');
const voice = lines(
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9',
  'a=mid:0',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:9 G722/8000',
);
const picture = lines('m=video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=rtpmap:96 VP8/90000', 'a=rtpmap:97 red/90000');
const firefox = lines(
  'm=audio 9 UDP/TLS/RTP/SAVPF 109',
  'a=fmtp:109 maxplaybackrate=48000; stereo=1 ;useinbandfec=1',
  'a=rtpmap:109 opus/48000/2',
);
const sdp = head + voice + picture + voice;

const sectionsOf = (text: string) => text.split(/(?=m=)/).slice(1);

describe('asking our own encoders for sound', () => {
  it('lets a voice pause and mend itself, and a screen have both channels', () => {
    const [first, video, second] = sectionsOf(askForSound(sdp, [plainVoice, fullSound]));
    expect(first).toContain('a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n');
    expect(video).toBe(picture);
    expect(second).toContain('a=fmtp:111 minptime=10;useinbandfec=1;stereo=1;maxaveragebitrate=128000\r\n');
  });

  it('takes back what the other side, or we for another wish, had said of it', () => {
    expect(askForSound(firefox, [plainVoice])).toContain(
      'a=fmtp:109 maxplaybackrate=48000;useinbandfec=1;usedtx=1\r\n',
    );
    const before = askForSound(firefox, [fullSound]);
    expect(askForSound(before, [plainVoice])).toBe(askForSound(firefox, [plainVoice]));
  });

  it('puts redundancy first where there is any, in the section that wants it', () => {
    const asked = askForSound(sdp, [{ full: false, redundant: true }, fullSound]);
    expect(sectionsOf(asked).map((section) => section.split('\r\n')[0])).toEqual([
      'm=audio 9 UDP/TLS/RTP/SAVPF 63 111 9',
      'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9',
    ]);
    expect(askForSound(firefox, [{ full: false, redundant: true }])).toContain('SAVPF 109\r\n');
  });

  it('leaves a section alone that nobody has a wish for, or that has no parameters of Opus', () => {
    expect(askForSound(sdp, [])).toBe(sdp);
    const bare = lines(
      'm=audio 9 RTP/AVP 11',
      'a=rtpmap:11 opus/48000/2',
      'a=rtpmap:111 red/48000/2',
      'a=fmtp:111 11/11',
    );
    expect(askForSound(bare, [fullSound])).toBe(bare);
  });

  it('changes nothing the second time', () => {
    const wishes = [{ full: false, redundant: true }, fullSound];
    const once = askForSound(sdp, wishes);
    expect(askForSound(once, wishes)).toBe(once);
  });
});

describe('saying that both channels are played', () => {
  it('adds it once to each section of sound', () => {
    const said = offerStereo(sdp);
    expect([...said.matchAll(/^a=fmtp:111 minptime=10;useinbandfec=1;stereo=1\r$/gm)]).toHaveLength(2);
    expect(sectionsOf(said)[1]).toBe(picture);
    expect(offerStereo(said)).toBe(said);
  });

  it('leaves a description alone that says so already', () => {
    expect(offerStereo(head + firefox)).toBe(head + firefox);
  });
});
