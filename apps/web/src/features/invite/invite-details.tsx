import { useSession } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { lazy } from '../../ui/lazy.tsx';
import { CopyLinkButton } from './copy-link-button.tsx';
import { LinkField } from './link-field.tsx';
import './invite-details.css';
import { useCallWords } from '../call/call-words.tsx';

const QrCode = lazy(async () => (await import('./qr-code.tsx')).QrCode);

/** Every way to give somebody the link: read it, copy it, share it, scan it. */
export function InviteDetails() {
  const { link } = useSession();
  const c = useCallWords();
  const url = link.value ?? '';

  async function share(): Promise<void> {
    try {
      await navigator.share({ title: c('call.share.title'), url });
    } catch {
      // Closed without sharing.
    }
  }

  return (
    <div class="invite">
      <div class="invite__qr">
        <QrCode text={url} />
      </div>
      <div class="invite__ways">
        <LinkField />
        <div class="invite__buttons">
          <CopyLinkButton look="primary" />
          {'share' in navigator && (
            <Button icon="share" onClick={() => void share()}>
              {c('call.share')}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
