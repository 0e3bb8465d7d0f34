/** Where this page runs, as far as the way to a permission differs. */
export type BrowserFamily = 'chromium' | 'firefox' | 'safari' | 'ios' | 'ios-other' | 'android' | 'other';

/** Apps that show pages themselves, most of them without camera and microphone. `unnamed`: some app, nobody knows which. */
export type InApp =
  | 'wechat'
  | 'wecom'
  | 'qq'
  | 'dingtalk'
  | 'feishu'
  | 'weibo'
  | 'alipay'
  | 'douyin'
  | 'xiaohongshu'
  | 'baidu'
  | 'tiktok'
  | 'facebook'
  | 'instagram'
  | 'line'
  | 'kakaotalk'
  | 'linkedin'
  | 'snapchat'
  | 'x'
  | 'unnamed';

export interface BrowserName {
  readonly family: BrowserFamily;
  /** Null in a browser. */
  readonly app: InApp | null;
}

// What each app puts into the name. Those that carry the mark of another come before it.
const appMarks: readonly (readonly [InApp, RegExp])[] = [
  ['wecom', /wxwork/i],
  ['wechat', /MicroMessenger/i],
  // Without the blank it is QQ's browser, which is one.
  ['qq', /\sQQ\//],
  ['dingtalk', /DingTalk/i],
  ['feishu', /Feishu|Lark\//i],
  ['weibo', /Weibo/i],
  ['alipay', /AlipayClient/i],
  ['douyin', /aweme/i],
  ['xiaohongshu', /xhsdiscover|discover\/\d/i],
  ['baidu', /baiduboxapp/i],
  ['tiktok', /musical_ly|BytedanceWebview|trill_|TikTok/i],
  ['instagram', /Instagram/],
  ['facebook', /FBAN|FBAV|FB_IAB/],
  ['line', /\sLine\//],
  ['kakaotalk', /KAKAOTALK/i],
  ['linkedin', /LinkedInApp/],
  ['snapchat', /Snapchat/],
  ['x', /Twitter(Android| for)/],
  // Android's own mark of a view inside an app; on iOS, browsers and only browsers end their name with Safari.
  ['unnamed', /;\s*wv\)/],
  ['unnamed', /(iPhone|iPad|iPod)(?!.*Safari\/)/],
];

/**
 * Tells browsers apart by name. Only for choosing a sentence: what a browser can do is always asked of the browser.
 *
 * @param touchPoints `navigator.maxTouchPoints`; an iPad calls itself a Mac, and no Mac has a touch screen.
 */
export function detectBrowser(userAgent: string, touchPoints: number): BrowserName {
  return {
    family: detectFamily(userAgent, touchPoints),
    app: appMarks.find(([, mark]) => mark.test(userAgent))?.[0] ?? null,
  };
}

function detectFamily(userAgent: string, touchPoints: number): BrowserFamily {
  if (/iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)) {
    return /CriOS|FxiOS|EdgiOS|OPT\//.test(userAgent) ? 'ios-other' : 'ios';
  }
  if (/Android/.test(userAgent)) return /Firefox/.test(userAgent) ? 'other' : 'android';
  if (/Firefox/.test(userAgent)) return 'firefox';
  if (/Chrom(e|ium)/.test(userAgent)) return 'chromium';
  if (/Safari/.test(userAgent)) return 'safari';
  return 'other';
}
