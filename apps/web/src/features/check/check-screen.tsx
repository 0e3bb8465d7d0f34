import { createConnectivityCheck, type ConnectivityCheck, type ConnectivitySnapshot } from '@callbox/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useSession } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { PageFrame } from '../page-frame.tsx';
import { useCheckWords, type CheckKey, type CheckWords } from './check-words.ts';
import { DeviceRows, type DeviceResults } from './device-rows.tsx';
import { ReportSection } from './report-section.tsx';
import { judgeConnectivity, type Verdict } from './verdict.ts';
import { WayRows } from './way-rows.tsx';
import './check-screen.css';

function createOwnCheck(): ConnectivityCheck {
  const signaling = document.querySelector<HTMLMetaElement>('meta[name="callbox-signaling-url"]');
  return createConnectivityCheck({ signalingUrl: signaling?.content ?? document.baseURI });
}

/** The check of this page's stay: begins with it and ends with it. */
function useConnectivity(): readonly [snapshot: ConnectivitySnapshot | null, run: () => void] {
  const { createCheck = createOwnCheck } = useSession();
  const check = useRef<ConnectivityCheck | null>(null);
  const [snapshot, setSnapshot] = useState<ConnectivitySnapshot | null>(null);
  useEffect(() => {
    const made = createCheck();
    check.current = made;
    setSnapshot(made.snapshot);
    const stop = made.subscribe(setSnapshot);
    void made.run();
    return () => {
      stop();
      made.close();
    };
  }, [createCheck]);
  return [snapshot, () => void check.current?.run()];
}

const verdictIcons: Readonly<Record<Verdict, IconName>> = {
  running: 'loader',
  good: 'check',
  slow: 'circleAlert',
  lossy: 'circleAlert',
  direct: 'circleAlert',
  bad: 'circleAlert',
  insecure: 'circleAlert',
};

const verdictWords: Readonly<Record<Verdict, readonly [heading: CheckKey, detail: CheckKey | null]>> = {
  running: ['verdict.running', null],
  good: ['verdict.good', null],
  slow: ['verdict.slow', 'verdict.slow.detail'],
  lossy: ['verdict.slow', 'verdict.lossy.detail'],
  direct: ['verdict.direct', 'verdict.direct.detail'],
  bad: ['verdict.bad', 'verdict.bad.detail'],
  insecure: ['verdict.insecure', null],
};

function VerdictPanel({ verdict, t }: { readonly verdict: Verdict; readonly t: CheckWords }) {
  const [heading, detail] = verdictWords[verdict];
  return (
    <div class="check-verdict" data-verdict={verdict} role="status">
      <Icon name={verdictIcons[verdict]} {...(verdict === 'running' ? { class: 'icon--turning' } : {})} />
      <div>
        <p class="check-verdict__words">{say(t, heading)}</p>
        {detail !== null && <p class="check-verdict__detail">{say(t, detail)}</p>}
      </div>
    </div>
  );
}

/** The verdict's sentences have nothing to be filled in. */
function say(t: CheckWords, key: CheckKey): string {
  return t(key as 'heading');
}

/** Tries everything a call needs, with nobody else, and says what to do where something is the matter. */
export function CheckScreen() {
  const { localMedia, media } = useSession();
  const t = useCheckWords();
  const [snapshot, run] = useConnectivity();
  const [devices, setDevices] = useState<DeviceResults>({ isHeard: false, speaker: 'unasked' });
  // No light stays on where nobody looks at oneself.
  useEffect(() => () => localMedia.close(), [localMedia]);
  if (t === null || snapshot === null) return null;
  const isSecure = window.isSecureContext;
  const isRunning = snapshot.state !== 'done';

  return (
    <PageFrame>
      <div class="check">
        <div class="check__head">
          <h1 class="check__heading">{t('heading')}</h1>
          <p class="check__lead">{t('lead')}</p>
        </div>
        <VerdictPanel verdict={judgeConnectivity(snapshot, isSecure)} t={t} />
        <section aria-labelledby="check-network">
          <div class="check__section-head">
            <h2 id="check-network" class="check__section">
              {t('network')}
            </h2>
            <Button look="plain" icon="rotate" aria-disabled={isRunning} onClick={() => !isRunning && run()}>
              {t('again')}
            </Button>
          </div>
          <WayRows ways={snapshot.ways} isSecure={isSecure} />
        </section>
        <section aria-labelledby="check-devices">
          <h2 id="check-devices" class="check__section">
            {t('devices')}
          </h2>
          <DeviceRows
            {...devices}
            onHeard={() => !devices.isHeard && setDevices({ ...devices, isHeard: true })}
            onSpeaker={(speaker) => setDevices({ ...devices, speaker })}
          />
        </section>
        <ReportSection
          t={t}
          facts={{
            ...devices,
            address: location.origin,
            atMs: Date.now(),
            browser: navigator.userAgent,
            isSecure,
            connectivity: snapshot,
            media: media.value,
          }}
        />
      </div>
    </PageFrame>
  );
}
