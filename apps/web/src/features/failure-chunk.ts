/** What is said where a device does not work, loaded when one does not. */
export { FailureNotices } from './devices/failure-notices.tsx';
