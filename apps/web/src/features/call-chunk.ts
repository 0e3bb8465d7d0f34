/** What is loaded while a person stands at the door. */
export { CallScreen } from './call/call-screen.tsx';
export { LeftScreen } from './left/left-screen.tsx';
