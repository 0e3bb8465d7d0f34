import arrowRight from 'lucide-static/icons/arrow-right.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import circleAlert from 'lucide-static/icons/circle-alert.svg?raw';
import contrast from 'lucide-static/icons/contrast.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import languages from 'lucide-static/icons/languages.svg?raw';
import loader from 'lucide-static/icons/loader-circle.svg?raw';
import micOff from 'lucide-static/icons/mic-off.svg?raw';
import mic from 'lucide-static/icons/mic.svg?raw';
import monitor from 'lucide-static/icons/monitor.svg?raw';
import moon from 'lucide-static/icons/moon.svg?raw';
import rotate from 'lucide-static/icons/rotate-cw.svg?raw';
import settings from 'lucide-static/icons/settings.svg?raw';
import sun from 'lucide-static/icons/sun.svg?raw';
import userRound from 'lucide-static/icons/user-round.svg?raw';
import videoOff from 'lucide-static/icons/video-off.svg?raw';
import video from 'lucide-static/icons/video.svg?raw';
import volume from 'lucide-static/icons/volume-2.svg?raw';
import x from 'lucide-static/icons/x.svg?raw';

/** What is drawn from the first moment on. */
export const firstStrokes = {
  arrowRight,
  check,
  circleAlert,
  contrast,
  copy,
  languages,
  loader,
  mic,
  micOff,
  monitor,
  moon,
  rotate,
  settings,
  sun,
  userRound,
  video,
  videoOff,
  volume,
  x,
} as const;
