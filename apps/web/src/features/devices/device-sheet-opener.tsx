import { lazy } from '../../ui/lazy.tsx';

/** The choice of devices, fetched when it is first asked for: before a call and in it. */
export const DeviceSheetLater = lazy(async () => (await import('../devices-chunk.ts')).DeviceSheet);
