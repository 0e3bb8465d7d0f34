/** What is said where a device does not work, loaded when one does not. */
export const failureEn = {
  'kind.microphone': 'microphone',
  'kind.camera': 'camera',
  'kind.both': 'camera and microphone',

  'denied.chromium':
    'Your browser is blocking the {device}. Click the icon left of the address, allow it, then try again.',
  'denied.firefox':
    'Firefox is blocking the {device}. Click the crossed-out icon left of the address, clear the block, then try again.',
  'denied.safari':
    'Safari is blocking the {device}. In the menu bar choose Safari, Settings for This Website, and allow it. Then reload this page.',
  'denied.ios':
    'This page may not use the {device} yet. Tap the button left of the address, then Website Settings, and allow it.',
  'denied.ios-other':
    'This browser may not use the {device} yet. Open Settings on this device, choose this browser there, and allow it.',
  'denied.android':
    'This page may not use the {device} yet. Tap the icon left of the address, then Permissions, and allow it.',
  'denied.other':
    'Your browser is blocking the {device}. Allow it in the browser’s settings, then try again.',
  dismissed:
    'This page was not allowed to use the {device}. Try again, and say yes to your browser’s question.',
  system:
    'Your system does not let the browser use the {device}. Allow it in the system’s settings under Privacy, then try again.',
  notFound: 'No {device} found. Plug one in, or join without.',
  'notFound.both': 'No camera or microphone found. Plug one in, or join without.',
  inUse: 'Another program is using the {device}. Close it there, then try again.',
  failed: 'The {device} did not start. Unplug it and plug it in again, or try once more.',
  insecure: 'Browsers give the camera and microphone only to secure pages. Open this one with https.',
  'insecure.action': 'Open the secure page',
  unsupported: 'This browser cannot use the {device}. Open the link in Chrome, Edge, Firefox or Safari.',
  inApp:
    '{app} does not let this page use the {device}. Open its menu in the corner and choose the browser, or copy the link and open it there.',

  'app.wechat': 'WeChat',
  'app.wecom': 'WeCom',
  'app.qq': 'QQ',
  'app.dingtalk': 'DingTalk',
  'app.feishu': 'Lark',
  'app.weibo': 'Weibo',
  'app.alipay': 'Alipay',
  'app.douyin': 'Douyin',
  'app.xiaohongshu': 'RedNote',
  'app.baidu': 'Baidu',
  'app.tiktok': 'TikTok',
  'app.facebook': 'Facebook',
  'app.instagram': 'Instagram',
  'app.line': 'LINE',
  'app.kakaotalk': 'KakaoTalk',
  'app.linkedin': 'LinkedIn',
  'app.snapchat': 'Snapchat',
  'app.x': 'X',
  'app.unnamed': 'The app that shows this page',
} as const;
