import { commandTable } from './command-table.ts';
import { listForeignFiles } from './list-foreign-files.ts';
import { keyOf } from './option-names.ts';
import { optionGroups } from './option-table.ts';

const width = 100;
const indent = 28;

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function renderEntry(term: string, text: string): string {
  const lines = wrap(text, width - indent);
  const head = `  ${term}`;
  const first = head.length < indent - 1 ? head.padEnd(indent) + (lines.shift() ?? '') : head;
  return [first, ...lines.map((line) => ' '.repeat(indent) + line)].join('\n');
}

/** What `--help` prints. */
export function renderHelp(): string {
  const sections = Object.entries(optionGroups).map(([title, group]) => {
    const entries = Object.entries(group).map(([name, option]) => {
      const withAcme =
        option.defaultTextWithAcme === undefined
          ? ''
          : `; ${option.defaultTextWithAcme} where a certificate is asked for`;
      const notes = [
        ...(option.isRepeatable ? ['May be repeated.'] : []),
        ...(option.defaultText === undefined ? [] : [`Default: ${option.defaultText}${withAcme}.`]),
      ];
      const flag = `--${keyOf(name)} ${option.placeholder}`.trimEnd();
      return renderEntry(flag, [option.help, ...notes].join(' '));
    });
    return `${title}\n${entries.join('\n')}`;
  });
  const commands = Object.values(commandTable).map(({ usage, help }) => renderEntry(usage, help));
  const others = [
    renderEntry(
      '--config FILE',
      'Read options from this file, in YAML or JSON; its keys are the flags without --.',
    ),
    ...listForeignFiles().map(({ flag, help }) => renderEntry(`--${flag} FILE`, help)),
    renderEntry('--version, -v', 'Print the version.'),
    renderEntry('--help, -h', 'Print this.'),
  ];
  return [
    'callbox [command] [options]',
    'Video calls on a machine of your own: relay, signaling and pages in one program.',
    `Commands\n${commands.join('\n')}`,
    ...sections,
    `Help\n${others.join('\n')}`,
    'Each option can also be given in the environment: --relay-ports as CALLBOX_RELAY_PORTS, and so on;\nrepeated ones separated by commas. Flags win over the environment, the environment over the file,\nthe file over those of other programs.',
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}
