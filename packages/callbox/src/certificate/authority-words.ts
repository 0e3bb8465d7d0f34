/** One of the languages of the page. */
export type PageLanguage = 'en' | 'zh';

/** How to install the authority on one kind of device, in order. */
interface DeviceGuide {
  readonly device: string;
  readonly steps: readonly string[];
}

/** Everything that the page of the authority says. */
export interface AuthorityWords {
  readonly tag: string;
  readonly otherLanguage: string;
  readonly title: string;
  readonly why: string;
  readonly meaning: string;
  readonly can: string;
  readonly cannot: string;
  readonly owner: string;
  readonly fingerprint: string;
  readonly compare: string;
  readonly download: string;
  readonly until: (date: string) => string;
  readonly how: string;
  readonly guides: readonly DeviceGuide[];
  readonly removal: string;
  readonly removalHow: string;
  readonly back: string;
}

const english: AuthorityWords = {
  tag: 'en',
  otherLanguage: '中文',
  title: 'Let this device trust this server',
  why: 'Nobody your device knows can vouch for the name or address by which you came to this server. That is why it warns you, and why some phones do not let calls through at all. You can let the server vouch for itself: install its certificate once, and the warning is gone for as long as you keep it.',
  meaning: 'What installing it means',
  can: 'Your device will believe whoever holds this server’s key that they are one of these, and nothing else:',
  cannot:
    'It cannot vouch for your bank, your mail or any other site: the limit is part of the certificate, and your device enforces it.',
  owner: 'The key never leaves the server. Install it only if you trust the people who run the server.',
  fingerprint: 'Fingerprint (SHA-256)',
  compare:
    'This page may have come to you over a connection that nobody vouches for. Compare the fingerprint with the one that the server shows in its terminal, or ask whoever runs it. If they differ, do not install it.',
  download: 'Download the certificate',
  until: (date) =>
    `Valid until ${date}. Callbox makes a new one only when the server gets another name or address.`,
  how: 'How to install it',
  guides: [
    {
      device: 'iPhone and iPad',
      steps: [
        'Open this page in Safari, download the certificate, and allow it.',
        'Open Settings, tap “Profile Downloaded”, then Install.',
        'Open Settings, General, About, Certificate Trust Settings, and switch the certificate on.',
        'Open the call again.',
      ],
    },
    {
      device: 'Android',
      steps: [
        'Download the certificate.',
        'Open Settings and search for “CA certificate”; it is under Security, Encryption & credentials, Install a certificate.',
        'Tap Install anyway, and choose the file. The warning there speaks of certificates without a limit; this one has one.',
        'Open the call again, in Chrome. Firefox for Android has its own switch: Settings, About Firefox, tap the logo five times, then Secret Settings, “Use third party CA certificates”.',
      ],
    },
    {
      device: 'Windows',
      steps: [
        'Download the certificate and open the file.',
        'Choose Install Certificate, Current User, then “Place all certificates in the following store”: Trusted Root Certification Authorities.',
        'Compare the thumbprint that Windows shows, say yes, and start the browser again.',
      ],
    },
    {
      device: 'Mac',
      steps: [
        'Download the certificate and open the file; it goes into Keychain Access.',
        'Double-click it there, open Trust, and choose “Always Trust” for Secure Sockets Layer (SSL).',
        'Start the browser again.',
      ],
    },
    {
      device: 'Firefox, and Chrome on Linux',
      steps: [
        'Firefox: Settings, Privacy & Security, View Certificates, Authorities, Import; tick “Trust this CA to identify websites”.',
        'Chrome on Linux: open chrome://certificate-manager, Custom, Installed by you, Trusted certificates, Import.',
      ],
    },
  ],
  removal: 'How to remove it',
  removalHow:
    'In the same place where it was installed: delete the profile, or the certificate, whose name begins with “Callbox on”.',
  back: 'Back to Callbox',
};

const chinese: AuthorityWords = {
  tag: 'zh-Hans',
  otherLanguage: 'English',
  title: '让这台设备信任本服务器',
  why: '你访问本服务器所用的名称或地址，设备所认识的机构都无法为它作证，所以会弹出警告，有些手机甚至无法通话。你可以让服务器为自己作证：安装一次它的证书，以后就不再警告。',
  meaning: '安装意味着什么',
  can: '谁持有本服务器的密钥，你的设备就会相信对方是下列名称或地址之一，仅此而已：',
  cannot: '它不能为你的银行、邮箱或其他任何网站作证：这个限制写在证书里，由你的设备执行。',
  owner: '密钥从不离开服务器。只有在你信任服务器管理者的情况下才安装。',
  fingerprint: '指纹（SHA-256）',
  compare:
    '这个页面可能经由无人作证的连接而来。请把指纹与服务器终端里显示的对照，或询问服务器的管理者。如果不同，请不要安装。',
  download: '下载证书',
  until: (date) => `有效期至 ${date}。只有服务器的名称或地址改变时，Callbox 才会换用新的证书。`,
  how: '如何安装',
  guides: [
    {
      device: 'iPhone 和 iPad',
      steps: [
        '用 Safari 打开本页，下载证书并允许。',
        '打开“设置”，点“已下载描述文件”，再点“安装”。',
        '打开“设置”＞“通用”＞“关于本机”＞“证书信任设置”，打开这张证书的开关。',
        '重新打开通话。',
      ],
    },
    {
      device: 'Android',
      steps: [
        '下载证书。',
        '打开“设置”，搜索“CA 证书”；它在“安全”＞“加密与凭据”＞“安装证书”里。',
        '点“仍然安装”，选择下载的文件。那里的警告说的是没有限制的证书，而这一张有限制。',
        '用 Chrome 重新打开通话。安卓版 Firefox 另有开关：“设置”＞“关于 Firefox”，连点图标五次，再到“Secret Settings”打开“Use third party CA certificates”。',
      ],
    },
    {
      device: 'Windows',
      steps: [
        '下载证书并打开文件。',
        '选“安装证书”＞“当前用户”，再选“将所有的证书都放入下列存储”：“受信任的根证书颁发机构”。',
        '核对 Windows 显示的指纹，选“是”，然后重启浏览器。',
      ],
    },
    {
      device: 'Mac',
      steps: [
        '下载证书并打开文件，它会进入“钥匙串访问”。',
        '在那里双击它，展开“信任”，将“安全套接字层 (SSL)”设为“始终信任”。',
        '重启浏览器。',
      ],
    },
    {
      device: 'Firefox，以及 Linux 上的 Chrome',
      steps: [
        'Firefox：“设置”＞“隐私与安全”＞“查看证书”＞“证书颁发机构”＞“导入”，勾选“信任由此证书颁发机构来标识网站”。',
        'Linux 上的 Chrome：打开 chrome://certificate-manager，选“自定义”＞“由您安装”＞“受信任的证书”＞“导入”。',
      ],
    },
  ],
  removal: '如何移除',
  removalHow: '在安装它的地方：删除描述文件或证书，名称以“Callbox on”开头。',
  back: '回到 Callbox',
};

export const authorityWords: Readonly<Record<PageLanguage, AuthorityWords>> = { en: english, zh: chinese };
