import { useRef, useState } from 'preact/hooks';
import { useSession } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import type { CheckWords } from './check-words.ts';
import { writeReport, type ReportFacts } from './report.ts';

/** The text for whoever runs the server, and the button that copies it. */
export function ReportSection({ facts, t }: { readonly facts: ReportFacts; readonly t: CheckWords }) {
  const { announcer } = useSession();
  const [isWhole, setWhole] = useState(false);
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const field = useRef<HTMLTextAreaElement>(null);
  const text = writeReport(facts, isWhole);
  const words = { no: 'report.copy', yes: 'report.copied', failed: 'report.copyFailed' } as const;

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied('yes');
      announcer.say(t('report.copied'));
    } catch {
      // Without a secure page, or against a policy, there is no clipboard: the person has one.
      field.current?.select();
      setCopied('failed');
    }
  }

  return (
    <section class="check-report" aria-labelledby="check-report">
      <h2 id="check-report" class="check__section">
        {t('report')}
      </h2>
      <p class="check-report__detail">{t('report.detail')}</p>
      <textarea
        ref={field}
        class="check-report__text"
        readOnly
        rows={13}
        spellcheck={false}
        wrap="off"
        lang="en"
        aria-label={t('report.text')}
        value={text}
      />
      <div class="check-report__ways">
        <Button icon={copied === 'yes' ? 'check' : 'copy'} onClick={() => void copy()}>
          {t(words[copied])}
        </Button>
        <label class="check-report__whole">
          <input
            type="checkbox"
            checked={isWhole}
            onChange={(event) => {
              setWhole(event.currentTarget.checked);
              setCopied('no');
            }}
          />
          {t('report.whole')}
        </label>
      </div>
    </section>
  );
}
