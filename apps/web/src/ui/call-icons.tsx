import type { ComponentChildren } from 'preact';
import activity from 'lucide-static/icons/activity.svg?raw';
import chevronLeft from 'lucide-static/icons/chevron-left.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import ellipsis from 'lucide-static/icons/ellipsis.svg?raw';
import eye from 'lucide-static/icons/eye.svg?raw';
import frown from 'lucide-static/icons/frown.svg?raw';
import history from 'lucide-static/icons/history.svg?raw';
import keyboard from 'lucide-static/icons/keyboard.svg?raw';
import grid from 'lucide-static/icons/layout-grid.svg?raw';
import link from 'lucide-static/icons/link.svg?raw';
import maximize from 'lucide-static/icons/maximize.svg?raw';
import meh from 'lucide-static/icons/meh.svg?raw';
import message from 'lucide-static/icons/message-square.svg?raw';
import minimize from 'lucide-static/icons/minimize.svg?raw';
import moveDiagonal from 'lucide-static/icons/move-diagonal.svg?raw';
import phoneOff from 'lucide-static/icons/phone-off.svg?raw';
import pictureInPicture from 'lucide-static/icons/picture-in-picture-2.svg?raw';
import pin from 'lucide-static/icons/pin.svg?raw';
import presentation from 'lucide-static/icons/presentation.svg?raw';
import qrCode from 'lucide-static/icons/qr-code.svg?raw';
import screenShareOff from 'lucide-static/icons/screen-share-off.svg?raw';
import screenShare from 'lucide-static/icons/screen-share.svg?raw';
import send from 'lucide-static/icons/send-horizontal.svg?raw';
import share from 'lucide-static/icons/share.svg?raw';
import shrink from 'lucide-static/icons/shrink.svg?raw';
import smile from 'lucide-static/icons/smile.svg?raw';
import switchCamera from 'lucide-static/icons/switch-camera.svg?raw';
import flip from 'lucide-static/icons/triangles-centerline-dashed-vertical.svg?raw';
import zoomIn from 'lucide-static/icons/zoom-in.svg?raw';
import zoomOut from 'lucide-static/icons/zoom-out.svg?raw';
import { firstStrokes } from './icon-strokes.ts';
import { StrokesProvider } from './icon.tsx';

/** What is drawn in the call and after it alone, and loaded with it. */
export const callStrokes = {
  activity,
  chevronLeft,
  chevronRight,
  ellipsis,
  eye,
  flip,
  frown,
  grid,
  history,
  keyboard,
  link,
  maximize,
  meh,
  message,
  minimize,
  moveDiagonal,
  phoneOff,
  pictureInPicture,
  pin,
  presentation,
  qrCode,
  screenShare,
  screenShareOff,
  send,
  share,
  shrink,
  smile,
  switchCamera,
  zoomIn,
  zoomOut,
} as const;

const allStrokes = { ...firstStrokes, ...callStrokes };

/** Has what is in it draw the icons of the call. */
export function CallIcons({ children }: { readonly children: ComponentChildren }) {
  return <StrokesProvider value={allStrokes}>{children}</StrokesProvider>;
}
