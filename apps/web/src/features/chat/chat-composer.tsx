import { limits, type Room } from '@callbox/client';
import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { Icon } from '../../ui/icon.tsx';
import { useCallWords } from '../call/call-words.tsx';

type Trouble = 'too-fast' | 'not-sent';

/** Where one writes. Enter sends, Shift+Enter begins a line, and Enter that ends a composition (IME) does neither. */
export function ChatComposer({ room }: { readonly room: Room }) {
  const { t } = useWords();
  const c = useCallWords();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const { draft } = useSession();
  const text = draft.value;
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const excess = text.length - limits.chatTextLength;

  useEffect(() => {
    // On a phone the keyboard would cover the messages that one came to read.
    if (window.matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  async function send(): Promise<void> {
    const message = text.trim();
    if (message === '' || excess > 0) return;
    draft.value = '';
    setTrouble(null);
    const refusal = await room.sendChat(message);
    if (refusal === null) return;
    // Give the words back, before whatever has been typed since.
    const since = draft.peek();
    draft.value = since === '' ? message : `${message}\n${since}`;
    setTrouble(refusal.code === 'rate-limited' ? 'too-fast' : 'not-sent');
  }

  function handleKey(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
    // Safari ends the composition before its key event, which it marks with code 229.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    void send();
  }

  function words(): string | null {
    if (excess > 0) return c('chat.tooLong', { count: excess });
    if (trouble === 'too-fast') return c('chat.tooFast');
    return trouble === 'not-sent' ? c('chat.notSent') : null;
  }
  const said = words();

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
        field.current?.focus();
      }}
    >
      {said !== null && (
        <p id={id} class="composer__trouble" role="alert">
          {said}
        </p>
      )}
      <div class="composer__row">
        <textarea
          ref={field}
          class="composer__field"
          rows={1}
          value={text}
          aria-label={t('chat.field')}
          placeholder={c('chat.field.placeholder')}
          aria-invalid={said === null ? undefined : 'true'}
          aria-describedby={said === null ? undefined : id}
          enterkeyhint="send"
          onInput={(event) => {
            draft.value = event.currentTarget.value;
            setTrouble(null);
          }}
          onKeyDown={handleKey}
        />
        <button
          type="submit"
          class="composer__send"
          aria-label={t('chat.send')}
          data-tooltip={t('chat.send')}
          disabled={text.trim() === '' || excess > 0}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
