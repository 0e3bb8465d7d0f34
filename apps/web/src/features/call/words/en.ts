/** The words of the call screen alone, loaded with it. No words of the trade: a guest reads this. */
export const callEn = {
  share: 'Share',
  'share.start': 'Show your screen to everyone',
  'share.stop': 'Stop sharing your screen',
  'share.stop.action': 'Stop sharing',
  'share.running': 'Everyone sees your screen.',
  'share.runningWithSound': 'Everyone sees your screen and hears its sound.',
  'share.other': 'Show something else',
  'share.failed.denied':
    'Your system does not let the browser show the screen. Allow it in the system’s settings under Privacy, Screen Recording, then try again.',
  'share.failed.not-found': 'There is no screen that this browser could show.',
  'share.failed.in-use': 'The system did not give the picture of the screen. Try again, or choose a window.',
  'share.failed.unsupported':
    'This browser cannot show a screen. On a computer, Chrome, Edge, Firefox and Safari can.',
  'share.failed.insecure-context': 'Browsers show screens only on secure pages. Open this one with https.',
  'share.failed.failed': 'The screen could not be shown. Try again.',

  screens: 'Shared screens',
  'screen.of': '{name}’s screen',
  'screen.zoomIn': 'Zoom in',
  'screen.zoomOut': 'Zoom out',
  'screen.fit': 'Show all of it',
  'screen.full': 'Fill the screen',
  'screen.full.leave': 'Leave full screen',
  'screen.percent': '{count} %',

  pin: 'Keep {name} large',
  unpin: 'No longer keep {name} large',
  'pages.next': 'Next people',
  'pages.previous': 'Previous people',
  'pages.at': '{page} of {pages}',
  view: 'View',
  'view.grid': 'Everyone alike',
  'view.speaker': 'Who speaks is large',

  'server.away': 'The server is out of reach. The call goes on, and we keep trying.',
  'server.back': 'The server is back.',
  'server.afresh': 'The server has begun this room afresh. What was said before stays on this page only.',
  'server.newer': 'A newer version of this page is here. Reload it after the call.',

  'announce.shares': '{name} is showing a screen.',
  'announce.sharesNoMore': '{name} no longer shows a screen.',
  'announce.youShare': 'Everyone sees your screen now.',
  'announce.youShareNoMore': 'Your screen is no longer shown.',
} as const;
