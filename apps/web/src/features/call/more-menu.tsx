import { useEffect, useState } from 'preact/hooks';
import { nextCorner } from '../../layout/corner.ts';
import { localeNames, locales } from '../../locales/locale.ts';
import { stageViews, themes } from '../../session/preferences.ts';
import { useSession, useWords, type Session } from '../../session/session.ts';
import { BarButton } from '../../ui/bar-button.tsx';
import { Menu, MenuCheckbox, MenuGroup, MenuItem, MenuRadio } from '../../ui/menu.tsx';
import { themeIcons } from '../page-frame.tsx';
import { useCallWords } from './call-words.tsx';
import { toggleFullScreen } from './full-screen.ts';
import type { SmallWindowControls } from './use-small-window.ts';

function useFullScreen(): boolean {
  const [full, setFull] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const read = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', read);
    return () => document.removeEventListener('fullscreenchange', read);
  }, []);
  return full;
}

export interface MoreMenuProps {
  readonly selfFloats: boolean;
  readonly smallWindow: SmallWindowControls;
  readonly onInvite: () => void;
  readonly onDevices: () => void;
  readonly onKeys: () => void;
  readonly onStatistics: () => void;
}

/** Telephones and tablets: a camera on each side, and no keyboard. */
const isTouched = window.matchMedia('(pointer: coarse)').matches;

async function flip({ localMedia }: Session): Promise<void> {
  const now = localMedia.snapshot.cameraTrack?.getSettings().facingMode;
  await localMedia.chooseDevice('camera', { facing: now === 'environment' ? 'user' : 'environment' });
}

/** What is wanted now and then. */
export function MoreMenu(props: MoreMenuProps) {
  const { selfFloats, smallWindow, onInvite, onDevices, onKeys, onStatistics } = props;
  const session = useSession();
  const { t, locale } = useWords();
  const fullScreen = useFullScreen();
  const c = useCallWords();
  const { mirrorSelf, hideSelf, selfCorner, stageView, theme } = session.preferences.current.value;
  const update = session.preferences.update;
  return (
    <Menu
      label={t('call.more')}
      trigger={(attributes) => (
        <BarButton
          id="more-button"
          icon="ellipsis"
          caption={t('call.more')}
          tooltip={t('call.more')}
          {...attributes}
        />
      )}
    >
      <MenuItem icon="qrCode" onSelect={onInvite}>
        {c('call.invite')}
      </MenuItem>
      <MenuItem icon="settings" onSelect={onDevices}>
        {t('device.choose')}
      </MenuItem>
      {isTouched && session.media.value.camera.kind === 'on' && (
        <MenuItem icon="switchCamera" onSelect={() => void flip(session)}>
          {c('devices.flip')}
        </MenuItem>
      )}
      {smallWindow.toggle !== null && (
        <MenuItem icon="pictureInPicture" onSelect={smallWindow.toggle}>
          {c(smallWindow.current === null ? 'smallWindow' : 'smallWindow.close')}
        </MenuItem>
      )}
      {document.fullscreenEnabled && (
        <MenuItem icon="maximize" onSelect={() => void toggleFullScreen()}>
          {c(fullScreen ? 'call.fullScreen.leave' : 'call.fullScreen')}
        </MenuItem>
      )}
      {session.media.value.screen.kind === 'on' && (
        <MenuItem icon="screenShare" onSelect={() => void session.localMedia.shareScreen()}>
          {c('share.other')}
        </MenuItem>
      )}
      <MenuGroup label={c('view')}>
        {stageViews.map((other) => (
          <MenuRadio
            key={other}
            icon={other === 'grid' ? 'grid' : 'userRound'}
            checked={other === stageView}
            onSelect={() => update({ stageView: other })}
          >
            {c(`view.${other}`)}
          </MenuRadio>
        ))}
      </MenuGroup>
      <MenuGroup label={c('call.selfView')}>
        <MenuCheckbox icon="eye" checked={!hideSelf} onSelect={() => update({ hideSelf: !hideSelf })}>
          {c('call.selfView.shown')}
        </MenuCheckbox>
        <MenuCheckbox icon="flip" checked={mirrorSelf} onSelect={() => update({ mirrorSelf: !mirrorSelf })}>
          {c('call.selfView.mirror')}
        </MenuCheckbox>
        {selfFloats && (
          <MenuItem icon="moveDiagonal" onSelect={() => update({ selfCorner: nextCorner(selfCorner) })}>
            {c('call.selfView.move')}
          </MenuItem>
        )}
      </MenuGroup>
      <MenuItem icon="activity" onSelect={onStatistics}>
        {c('call.statistics')}
      </MenuItem>
      {/* Who has a keyboard at one all the same presses "?". */}
      {!isTouched && (
        <MenuItem icon="keyboard" onSelect={onKeys}>
          {c('keys.heading')}
        </MenuItem>
      )}
      <MenuGroup label={t('app.theme')} row>
        {themes.map((other) => (
          <MenuRadio
            key={other}
            icon={themeIcons[other]}
            checked={other === theme}
            onSelect={() => update({ theme: other })}
          >
            {t(`app.theme.${other}`)}
          </MenuRadio>
        ))}
      </MenuGroup>
      <MenuGroup label={t('app.language')} row>
        {locales.map((other) => (
          <MenuRadio
            key={other}
            lang={other}
            checked={other === locale}
            onSelect={() => void session.setLocale(other)}
          >
            {localeNames[other]}
          </MenuRadio>
        ))}
      </MenuGroup>
    </Menu>
  );
}
