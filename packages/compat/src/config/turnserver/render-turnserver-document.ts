import { turnserverKeyGroups } from './turnserver-keys.ts';
import type { KeyFate, TurnserverKey } from './turnserver-key.ts';

const introduction = `# Keys of turnserver.conf

What becomes of each key of coturn's configuration file where Callbox reads it, made from the table that the program reads:
\`callbox start --turnserver-conf /etc/turnserver.conf\`. How to come from coturn is in [migrating.md](migrating.md).

- **mapped**: becomes the options named, which are those of [configuration.md](configuration.md).
- **always**: what it asks for is so in any case.
- **ignored**: there is nothing here that it could change, or nothing that needs it.
- **refused**: not done, for the reason given. The server starts without it and says so in a warning.
- **stops**: the server does not start, for it would let in or relay more than the file allows.

A key that is not listed is named in a warning. Of a key that is not repeatable the last line counts, as with coturn. Files
are looked for beside the configuration, then where the program runs.
`;

const fateWords: Readonly<Record<KeyFate, string>> = {
  mapped: 'mapped',
  always: 'always',
  ignored: 'ignored',
  refused: 'refused',
  stops: '**stops**',
};

function renderRow(name: string, { fate, options, words }: TurnserverKey): string {
  const to = options.map((option) => `\`${option}\``).join(', ');
  return `| \`${name}\` | ${fateWords[fate]} | ${[to, words].filter((part) => part !== '').join(': ')} |`;
}

/** `docs/turnserver-conf.md`, made from the table of keys. */
export function renderTurnserverDocument(): string {
  const sections = Object.entries(turnserverKeyGroups).map(([title, group]) => {
    const rows = Object.entries(group).map(([name, entry]) => renderRow(name, entry));
    return `## ${title}\n\n| key | here | what of it |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return [introduction, ...sections].join('\n');
}
