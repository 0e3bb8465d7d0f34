import type { StatisticsRecord } from '@callbox/client';
import { useState } from 'preact/hooks';
import { useSession } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import type { StatisticsWords } from './statistics-words.ts';

export interface ExportSectionProps {
  readonly record: StatisticsRecord;
  readonly s: StatisticsWords;
}

/** Where a browser looks up what a link to something of the page's own stands for, before the page forgets it. */
const rememberedMs = 10_000;

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), rememberedMs);
}

/** Takes the figures along, for whoever finds out what is wrong. */
export function ExportSection({ record, s }: ExportSectionProps) {
  const { announcer, stay } = useSession();
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(record.toJson());
      setCopied('yes');
      announcer.say(s('copied'));
    } catch {
      // Without a secure page, or against a policy, there is no clipboard.
      setCopied('failed');
    }
  }

  return (
    <section class="statistics-export">
      <p class="statistics__words">{s('export')}</p>
      <div class="statistics-export__ways">
        <Button icon={copied === 'yes' ? 'check' : 'copy'} onClick={() => void copy()}>
          {s(copied === 'yes' ? 'copied' : 'copy')}
        </Button>
        <Button onClick={() => save(record.toJson(), `callbox-${stay.room.value?.room ?? 'call'}.json`)}>
          {s('save')}
        </Button>
      </div>
      <p class="statistics__words" role="status">
        {copied === 'failed' && s('copyFailed')}
      </p>
    </section>
  );
}
