import { useSession } from '../session/session.ts';

/** The two places from which screen readers are told things. They are there from the start, and never leave. */
export function LiveRegions() {
  const { announcer } = useSession();
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite">
        {announcer.polite}
      </div>
      <div class="visually-hidden" role="alert" aria-live="assertive">
        {announcer.assertive}
      </div>
    </>
  );
}
