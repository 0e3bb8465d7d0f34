import { lazy } from '../../ui/lazy.tsx';

/** The words about devices that do not work, fetched when one does not: before a call and in it. */
export const FailureNoticesLater = lazy(async () => (await import('../failure-chunk.ts')).FailureNotices);
