import type { ComponentChildren } from 'preact';
import { localeNames, locales } from '../locales/locale.ts';
import { themes, type Theme } from '../session/preferences.ts';
import { useSession, useWords } from '../session/session.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Mark } from '../ui/mark.tsx';
import { Menu, MenuRadio } from '../ui/menu.tsx';
import './page-frame.css';

export const themeIcons: Readonly<Record<Theme, IconName>> = {
  auto: 'monitor',
  light: 'sun',
  dark: 'moon',
};

function LanguageMenu() {
  const session = useSession();
  const { t, locale } = useWords();
  return (
    <Menu
      label={t('app.language')}
      trigger={(attributes) => (
        <button type="button" class="page-frame__switch" {...attributes}>
          <Icon name="languages" />
          <span class="visually-hidden">{t('app.language')}: </span>
          {localeNames[locale]}
        </button>
      )}
    >
      {locales.map((other) => (
        <MenuRadio
          key={other}
          checked={other === locale}
          lang={other}
          onSelect={() => void session.setLocale(other)}
        >
          {localeNames[other]}
        </MenuRadio>
      ))}
    </Menu>
  );
}

function ThemeMenu() {
  const { preferences } = useSession();
  const { t } = useWords();
  const { theme } = preferences.current.value;
  return (
    <Menu
      label={t('app.theme')}
      trigger={(attributes) => (
        <button type="button" class="page-frame__switch" aria-label={t('app.theme')} {...attributes}>
          <Icon name="contrast" />
        </button>
      )}
    >
      {themes.map((other) => (
        <MenuRadio
          key={other}
          checked={other === theme}
          icon={themeIcons[other]}
          onSelect={() => preferences.update({ theme: other })}
        >
          {t(`app.theme.${other}`)}
        </MenuRadio>
      ))}
    </Menu>
  );
}

/** The frame of every screen but the call: the mark, which leads home, language and theme. */
export function PageFrame({ children }: { readonly children: ComponentChildren }) {
  const { router } = useSession();
  const { t } = useWords();
  return (
    <div class="page-frame">
      <header class="page-frame__head">
        <a
          class="page-frame__home"
          href={router.hrefOf('/')}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            router.navigate('/');
          }}
        >
          <Mark />
          {t('app.name')}
        </a>
        <div class="page-frame__switches">
          <LanguageMenu />
          <ThemeMenu />
        </div>
      </header>
      <main class="page-frame__main">{children}</main>
    </div>
  );
}
