import activity from 'lucide-static/icons/activity.svg?raw';
import arrowRight from 'lucide-static/icons/arrow-right.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import chevronLeft from 'lucide-static/icons/chevron-left.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import circleAlert from 'lucide-static/icons/circle-alert.svg?raw';
import contrast from 'lucide-static/icons/contrast.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import ellipsis from 'lucide-static/icons/ellipsis.svg?raw';
import eyeOff from 'lucide-static/icons/eye-off.svg?raw';
import eye from 'lucide-static/icons/eye.svg?raw';
import frown from 'lucide-static/icons/frown.svg?raw';
import history from 'lucide-static/icons/history.svg?raw';
import keyboard from 'lucide-static/icons/keyboard.svg?raw';
import languages from 'lucide-static/icons/languages.svg?raw';
import grid from 'lucide-static/icons/layout-grid.svg?raw';
import link from 'lucide-static/icons/link.svg?raw';
import loader from 'lucide-static/icons/loader-circle.svg?raw';
import maximize from 'lucide-static/icons/maximize.svg?raw';
import meh from 'lucide-static/icons/meh.svg?raw';
import message from 'lucide-static/icons/message-square.svg?raw';
import micOff from 'lucide-static/icons/mic-off.svg?raw';
import mic from 'lucide-static/icons/mic.svg?raw';
import minimize from 'lucide-static/icons/minimize.svg?raw';
import monitor from 'lucide-static/icons/monitor.svg?raw';
import moon from 'lucide-static/icons/moon.svg?raw';
import phoneOff from 'lucide-static/icons/phone-off.svg?raw';
import pictureInPicture from 'lucide-static/icons/picture-in-picture-2.svg?raw';
import pinOff from 'lucide-static/icons/pin-off.svg?raw';
import pin from 'lucide-static/icons/pin.svg?raw';
import presentation from 'lucide-static/icons/presentation.svg?raw';
import qrCode from 'lucide-static/icons/qr-code.svg?raw';
import rotate from 'lucide-static/icons/rotate-cw.svg?raw';
import screenShareOff from 'lucide-static/icons/screen-share-off.svg?raw';
import screenShare from 'lucide-static/icons/screen-share.svg?raw';
import send from 'lucide-static/icons/send-horizontal.svg?raw';
import settings from 'lucide-static/icons/settings.svg?raw';
import share from 'lucide-static/icons/share.svg?raw';
import shrink from 'lucide-static/icons/shrink.svg?raw';
import smile from 'lucide-static/icons/smile.svg?raw';
import sun from 'lucide-static/icons/sun.svg?raw';
import switchCamera from 'lucide-static/icons/switch-camera.svg?raw';
import flip from 'lucide-static/icons/triangles-centerline-dashed-vertical.svg?raw';
import userRound from 'lucide-static/icons/user-round.svg?raw';
import videoOff from 'lucide-static/icons/video-off.svg?raw';
import video from 'lucide-static/icons/video.svg?raw';
import volume from 'lucide-static/icons/volume-2.svg?raw';
import x from 'lucide-static/icons/x.svg?raw';
import zoomIn from 'lucide-static/icons/zoom-in.svg?raw';
import zoomOut from 'lucide-static/icons/zoom-out.svg?raw';
import './icon.css';

const icons = {
  activity,
  arrowRight,
  check,
  chevronLeft,
  chevronRight,
  circleAlert,
  contrast,
  copy,
  ellipsis,
  eye,
  eyeOff,
  flip,
  frown,
  grid,
  history,
  keyboard,
  languages,
  link,
  loader,
  maximize,
  meh,
  message,
  mic,
  micOff,
  minimize,
  monitor,
  moon,
  phoneOff,
  pictureInPicture,
  pin,
  pinOff,
  presentation,
  qrCode,
  rotate,
  screenShare,
  screenShareOff,
  send,
  settings,
  share,
  shrink,
  smile,
  sun,
  switchCamera,
  userRound,
  video,
  videoOff,
  volume,
  x,
  zoomIn,
  zoomOut,
};
export type IconName = keyof typeof icons;

export interface IconProps {
  readonly name: IconName;
  /** What it means, where no words stand beside it. */
  readonly label?: string;
  readonly class?: string;
}

/** One of the set, 20 px. The strokes come from the package at build time: nothing foreign reaches the markup. */
export function Icon({ name, label, class: extra }: IconProps) {
  return (
    <svg
      class={extra === undefined ? 'icon' : `icon ${extra}`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-linecap="round"
      stroke-linejoin="round"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined ? 'true' : undefined}
      dangerouslySetInnerHTML={{ __html: icons[name] }}
    />
  );
}
