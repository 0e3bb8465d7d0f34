/** The small window and what it shows, loaded once the call has begun. */
export { keepSmallWindow } from './small-window/keep-small-window.ts';
export { SmallWindowView } from './small-window/small-window-view.tsx';
