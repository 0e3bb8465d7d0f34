import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isSelf } from '../../session/is-self.ts';
import { useSession, useWords } from '../../session/session.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { groupMessages, type MessageGroup } from './group-messages.ts';
import { linkify } from './linkify.ts';
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

function Group({ group, own }: { readonly group: MessageGroup; readonly own: boolean }) {
  const { t, locale } = useWords();
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
        {group.messages.map(({ authorId, sequence, text }) => (
          <p key={`${authorId} ${sequence}`} class="message" dir="auto" data-author={own ? 'self' : 'other'}>
            <MessageText text={text} />
          </p>
        ))}
      </div>
    </li>
  );
}

const nearBottom = 48;

/** The room's chat, newest below. It follows what comes as long as the reader is at the end. */
export function MessageList() {
  const { stay } = useSession();
  const c = useCallWords();
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const seen = useRef(0);
  const [newer, setNewer] = useState(0);
  const room = stay.room.value;
  const chat = room?.chat ?? [];
  const isOwn = (authorId: string): boolean => room !== null && isSelf(room, authorId);
  const isLastOwn = isOwn(chat.at(-1)?.authorId ?? '');

  function scrollToEnd(): void {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }

  useLayoutEffect(() => {
    const added = chat.length - seen.current;
    seen.current = chat.length;
    if (atEnd.current || isLastOwn) scrollToEnd();
    else if (added > 0) setNewer((count) => count + added);
  }, [chat, isLastOwn]);

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
        {chat.length === 0 ? (
          <p class="messages__empty">{c('chat.empty')}</p>
        ) : (
          <ol class="messages__list">
            {groupMessages(chat).map((group) => (
              <Group key={group.key} group={group} own={isOwn(group.authorId)} />
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
