/** Where this page runs, as far as the way to a permission differs. */
export type BrowserFamily = 'chromium' | 'firefox' | 'safari' | 'ios' | 'android' | 'wechat' | 'other';

/**
 * Tells browsers apart by name. Only for choosing a sentence: what a browser can do is always asked of the browser.
 *
 * @param touchPoints `navigator.maxTouchPoints`; an iPad calls itself a Mac, and no Mac has a touch screen.
 */
export function detectBrowser(userAgent: string, touchPoints: number): BrowserFamily {
  if (/MicroMessenger/i.test(userAgent)) return 'wechat';
  if (/iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)) return 'ios';
  if (/Android/.test(userAgent)) return /Firefox/.test(userAgent) ? 'other' : 'android';
  if (/Firefox/.test(userAgent)) return 'firefox';
  if (/Chrom(e|ium)/.test(userAgent)) return 'chromium';
  if (/Safari/.test(userAgent)) return 'safari';
  return 'other';
}
