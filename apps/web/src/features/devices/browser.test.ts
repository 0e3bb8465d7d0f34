import { describe, expect, it } from 'vitest';
import { detectBrowser } from './browser.ts';

const webkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const mac = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit}`;
const iphone = `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${webkit}`;
const blink = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const android = `Mozilla/5.0 (Linux; Android 15; Pixel 9) ${blink}`;
const androidView = `Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) ${blink} Version/4.0 Chrome/140.0 Mobile Safari/537.36`;

describe('a browser by its name', () => {
  it.each([
    [`Mozilla/5.0 (X11; Linux x86_64) ${blink} Chrome/156.0.0.0 Safari/537.36`, 0, 'chromium'],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${blink} Chrome/156.0 Safari/537.36 Edg/156.0`,
      0,
      'chromium',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 0, 'firefox'],
    [`${mac} Version/18.5 Safari/605.1.15`, 0, 'safari'],
    [`${mac} Version/18.5 Safari/605.1.15`, 5, 'ios'],
    [`${iphone} Version/18.5 Mobile/15E148 Safari/604.1`, 5, 'ios'],
    [`${iphone} CriOS/156.0 Mobile/15E148 Safari/604.1`, 5, 'ios-other'],
    [`${iphone} FxiOS/153.0 Mobile/15E148 Safari/605.1.15`, 5, 'ios-other'],
    [`${android} Chrome/156.0 Mobile Safari/537.36`, 5, 'android'],
    // The browser that QQ's maker gives away is no app that shows pages.
    [`${android} Version/4.0 Chrome/121.0 MQQBrowser/15.2 Mobile Safari/537.36`, 5, 'android'],
    ['Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0', 5, 'other'],
    ['', 0, 'other'],
  ])('is %s with %i touch points known as %s', (userAgent, touchPoints, family) => {
    expect(detectBrowser(userAgent, touchPoints)).toEqual({ family, app: null });
  });
});

describe('an app that shows pages itself', () => {
  it.each([
    [`${iphone} Mobile/15E148 MicroMessenger/8.0.50(0x18003234) NetType/WIFI Language/zh_CN`, 'wechat'],
    [`${android} Version/4.0 Chrome/130.0 XWEB/1300 Mobile Safari/537.36 MicroMessenger/8.0.53`, 'wechat'],
    [`${iphone} Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh`, 'wecom'],
    [`${iphone} Mobile/15E148 QQ/9.0.85.601 V1_IPH_SQ_9.0.85_1_APP_A Pixel/1170`, 'qq'],
    [`${android} Version/4.0 Chrome/121.0 MQQBrowser/6.2 Mobile Safari/537.36 V1_AND_SQ QQ/9.0.90`, 'qq'],
    [`${iphone} Mobile/15E148 AliApp(DingTalk/7.6.0) com.laiwang.DingTalk/35`, 'dingtalk'],
    [`${androidView} Lark/7.20.5 LarkLocale/zh_CN`, 'feishu'],
    [`${iphone} Mobile/15E148 Weibo (iPhone15,2__weibo__14.8.0__iphone__os17.5)`, 'weibo'],
    [`${iphone} Mobile/15E148 NebulaSDK/1.8 Nebula AlipayClient/10.6.0`, 'alipay'],
    [`${iphone} Mobile/15E148 aweme_31.2.0 JsSdk/2.0 NetType/WIFI`, 'douyin'],
    [`${iphone} Mobile/15E148 discover/8.45 xhsdiscover NetType/WiFi`, 'xiaohongshu'],
    [`${androidView} baiduboxapp/13.60 (Baidu; P1 15)`, 'baidu'],
    [`${androidView} musical_ly_2023 BytedanceWebview/d8a21c6`, 'tiktok'],
    [`${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/480.0.0.30.109;FBBV/1]`, 'facebook'],
    [`${androidView} [FB_IAB/FB4A;FBAV/480.0.0.54.88;]`, 'facebook'],
    [`${iphone} Mobile/15E148 Instagram 350.0.0 (iPhone15,2; iOS 18_5)`, 'instagram'],
    [`${iphone} Mobile/15E148 Safari Line/14.12.0`, 'line'],
    [`${androidView} KAKAOTALK 2410000`, 'kakaotalk'],
    [`${iphone} Mobile/15E148 [LinkedInApp]/9.30`, 'linkedin'],
    [`${iphone} Mobile/15E148 Snapchat/12.90 (like Safari/8617)`, 'snapchat'],
    [`${iphone} Mobile/15E148 Twitter for iPhone/10.60`, 'x'],
    [androidView, 'unnamed'],
    [`${iphone} Mobile/15E148`, 'unnamed'],
  ])('%s is known as %s', (userAgent, app) => {
    expect(detectBrowser(userAgent, 5).app).toBe(app);
  });
});
