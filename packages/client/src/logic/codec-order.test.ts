import { describe, expect, it } from 'vitest';
import { orderCameraCodecs, orderScreenCodecs } from './codec-order.ts';

const codec = (mimeType: string, sdpFmtpLine?: string) => ({ mimeType, sdpFmtpLine });
const chromium = [
  codec('video/AV1'),
  codec('video/VP8'),
  codec('video/rtx'),
  codec('video/VP9', 'profile-id=0'),
  codec('video/VP9', 'profile-id=2'),
  codec('video/H264'),
  codec('video/red'),
  codec('video/ulpfec'),
];
const safari = [codec('video/H264'), codec('video/rtx'), codec('video/VP8'), codec('video/VP9')];

describe('the order of codecs', () => {
  it('puts VP8 first for a camera and keeps all others in their order', () => {
    const [first, ...rest] = orderCameraCodecs(chromium);
    expect(first).toBe(chromium[1]);
    expect(rest).toEqual(chromium.filter((_, index) => index !== 1));
  });

  it('trusts a browser that puts H264 first', () => {
    expect(orderCameraCodecs(safari)).toEqual(safari);
  });

  it('puts every VP9 first for a screen', () => {
    expect(orderScreenCodecs(chromium).slice(0, 2)).toEqual([chromium[3], chromium[4]]);
    expect(orderScreenCodecs(safari)[0]).toBe(safari[3]);
  });

  it('leaves nothing out and adds nothing', () => {
    expect(new Set(orderCameraCodecs(chromium))).toEqual(new Set(chromium));
    expect(new Set(orderScreenCodecs(chromium))).toEqual(new Set(chromium));
    expect(orderScreenCodecs(chromium)).toHaveLength(chromium.length);
  });
});
