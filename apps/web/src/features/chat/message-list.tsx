import { Fragment } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isSelf } from '../../session/is-self.ts';
import { useSession, useWords } from '../../session/session.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { useLasting } from '../../ui/use-lasting.ts';
import { groupMessages, type MessageGroup } from './group-messages.ts';
import { linkify } from './linkify.ts';
import { listLines, type ChatLine } from './list-lines.ts';
import { timeOfMessage } from './time-of-message.ts';
import { useCallWords } from '../call/call-words.tsx';

/** Text as it was typed, with its links. Built of nodes: nothing in a message is ever read as markup. */
function MessageText({ text }: { readonly text: string }) {
  return (
    <>
      {linkify(text).map((part, index) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {part.text}
          </a>
        ),
      )}
    </>
  );
}

interface GroupProps {
  readonly group: MessageGroup<ChatLine>;
  readonly own: boolean;
  /** Whether those that wait for the server say so. */
  readonly marksWaiting: boolean;
}

function Group({ group, own, marksWaiting }: GroupProps) {
  const { t, locale } = useWords();
  const c = useCallWords();
  const last = group.messages.at(-1);
  const name = group.authorName === '' ? t('app.guest') : group.authorName;
  return (
    <li class={`message-group${own ? ' message-group--own' : ''}`}>
      {!own && <Avatar displayName={group.authorName} size="small" />}
      <div class="message-group__body">
        <p class="message-group__head">
          <span class={own ? 'visually-hidden' : 'message-group__name'}>{own ? t('app.you') : name}</span>{' '}
          <time class="message-group__time numbers" dateTime={new Date(group.sentAtMs).toISOString()}>
            {timeOfMessage(locale, group.sentAtMs)}
          </time>
        </p>
        {group.messages.map((message) => {
          const isMarked = message.isWaiting && marksWaiting;
          return (
            <Fragment key={`${message.authorId} ${message.sequence}`}>
              <p
                class={`message${isMarked ? ' message--waiting' : ''}`}
                dir="auto"
                data-author={own ? 'self' : 'other'}
              >
                <MessageText text={message.text} />
              </p>
              {isMarked && (
                // To be seen once for all that wait, to be heard with each.
                <p class={message === last ? 'message-group__waiting' : 'visually-hidden'}>
                  {c('chat.waiting')}
                </p>
              )}
            </Fragment>
          );
        })}
      </div>
    </li>
  );
}

const nearBottom = 48;
/** A line that the server has within this says nothing of it. */
const waitingShownAfterMs = 400;

/** The room's chat, newest below. It follows what comes as long as the reader is at the end. */
export function MessageList() {
  const { announcer, stay } = useSession();
  const c = useCallWords();
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const seen = useRef<readonly ChatLine[]>([]);
  const [newer, setNewer] = useState(0);
  const room = stay.room.value;
  const lines = useMemo(
    () => (room === null ? [] : listLines(room)),
    [room?.self.id, room?.self.displayName, room?.chat, room?.unsentChat],
  );
  const lastUnsent = room?.unsentChat.at(-1)?.sequence;
  const isLate = useLasting(lastUnsent !== undefined, waitingShownAfterMs);
  const marksWaiting = lastUnsent !== undefined && (isLate || room?.state.kind === 'reconnecting');
  const isOwn = (authorId: string): boolean => room !== null && isSelf(room, authorId);

  function scrollToEnd(): void {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }

  useLayoutEffect(() => {
    const [before, last] = [seen.current.at(-1), lines.at(-1)];
    const added = lines.length - seen.current.length;
    seen.current = lines;
    const isNewest = last?.authorId !== before?.authorId || last?.sequence !== before?.sequence;
    if (atEnd.current || (isNewest && isOwn(last?.authorId ?? ''))) scrollToEnd();
    else if (added > 0) setNewer((count) => count + added);
  }, [lines, marksWaiting]);

  useEffect(() => {
    if (marksWaiting) announcer.say(c('chat.waiting'));
  }, [marksWaiting, lastUnsent]);

  function handleScroll(): void {
    const element = list.current;
    if (element === null) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearBottom;
    if (atEnd.current) setNewer(0);
  }

  return (
    <div class="messages">
      <div
        ref={list}
        class="messages__scroll"
        role="log"
        aria-live="off"
        aria-label={c('chat.messages')}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable from the keyboard
        tabIndex={0}
        onScroll={handleScroll}
      >
        {lines.length === 0 ? (
          <p class="messages__empty">{c('chat.empty')}</p>
        ) : (
          <ol class="messages__list">
            {groupMessages(lines).map((group) => (
              <Group key={group.key} group={group} own={isOwn(group.authorId)} marksWaiting={marksWaiting} />
            ))}
          </ol>
        )}
      </div>
      {newer > 0 && (
        <div class="messages__newer">
          <Button look="primary" onClick={scrollToEnd}>
            {c('chat.newer', { count: newer })}
          </Button>
        </div>
      )}
    </div>
  );
}
