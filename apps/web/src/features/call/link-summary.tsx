import type { LinkState } from '@callbox/client';
import { useId, useRef, useState } from 'preact/hooks';
import { countLinks } from '../../session/people.ts';
import { useSession, useWords } from '../../session/session.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Bars } from '../../ui/bars.tsx';
import { CheckLink } from '../check-link.tsx';
import { stayNear } from '../../ui/place-near.ts';
import { useCallWords, type CallWords } from './call-words.tsx';
import { describeQuality } from './quality-words.ts';
import './link-summary.css';

function describeLink(link: LinkState, c: CallWords): string {
  switch (link.kind) {
    case 'connecting':
      return c('links.connecting');
    case 'reconnecting':
      return c('links.reconnecting');
    case 'failed':
      return c('links.failed');
    case 'connected':
      if (link.path === null) return c('links.connected');
      if (!link.path.relayed) return c('links.direct');
      return c(link.path.protocol === 'udp' ? 'links.relayed.udp' : 'links.relayed.tcp');
  }
}

/** How many people are reached directly and how many through the server; pressed, it says who. */
export function LinkSummary({ onStatistics }: { readonly onStatistics: () => void }) {
  const { stay } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const details = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const participants = stay.room.value?.participants ?? [];
  const counts = countLinks(participants);
  if (participants.length === 0) return null;

  const parts = [
    counts.direct > 0 ? c('links.summary.direct', { count: counts.direct }) : null,
    counts.relayed > 0 ? c('links.summary.relayed', { count: counts.relayed }) : null,
    counts.pending > 0 ? c('links.summary.pending', { count: counts.pending }) : null,
  ].filter((part) => part !== null);
  const summary = parts.length > 0 ? parts.join(' · ') : c('links.connected');

  /** Closed when the keyboard goes on: in a narrow window it would cover where that is. */
  function closeBehind({ relatedTarget }: FocusEvent): void {
    if (!(relatedTarget instanceof Node)) return;
    const isHere = details.current?.contains(relatedTarget) === true || relatedTarget === button.current;
    if (!isHere) details.current?.hidePopover();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class="link-summary numbers"
        popovertarget={id}
        aria-expanded={open}
        aria-controls={id}
        onFocusOut={closeBehind}
      >
        <span class="visually-hidden">{c('links.heading')}: </span>
        {summary}
      </button>
      <div
        ref={details}
        id={id}
        class="popover link-details"
        popover="auto"
        role="group"
        aria-label={c('links.heading')}
        onFocusOut={closeBehind}
        onBeforeToggle={(event) => {
          if (event.newState === 'open' && button.current !== null)
            stayNear(event.currentTarget, button.current);
        }}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        <ul>
          {participants.map(({ id: participantId, displayName, link, quality, dialect }) => (
            <li key={participantId} class="link-details__row">
              <Avatar displayName={displayName} size="small" />
              <span class="link-details__words">
                <span class="link-details__name">{displayName === '' ? t('app.guest') : displayName}</span>
                <span class="link-details__path">{describeLink(link, c)}</span>
                {quality !== null && link.kind === 'connected' && (
                  <span class="link-details__path">
                    {describeQuality(quality, displayName === '' ? t('app.guest') : displayName, c)}
                  </span>
                )}
                {dialect === 'plain' && <span class="link-details__path">{c('links.older')}</span>}
              </span>
              {quality !== null && link.kind === 'connected' && (
                <span class="link-details__bars" aria-hidden="true">
                  <Bars filled={quality.bars} label="" />
                </span>
              )}
            </li>
          ))}
        </ul>
        <div class="link-details__more">
          <Button
            look="plain"
            icon="activity"
            onClick={() => {
              details.current?.hidePopover();
              onStatistics();
            }}
          >
            {c('call.statistics')}
          </Button>
          {participants.some(({ link }) => link.kind === 'failed') && <CheckLink inCall />}
        </div>
      </div>
    </>
  );
}
