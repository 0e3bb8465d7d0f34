/** The choice of devices, loaded when it is asked for. */
export { DeviceSheet } from './devices/device-sheet.tsx';
