import { listForeignFiles } from './list-foreign-files.ts';
import { environmentNameOf, keyOf } from './option-names.ts';
import { optionGroups } from './option-table.ts';

/** Files of other programs, as far as there are parts that read them. */
function renderForeignFiles(): string {
  const files = listForeignFiles();
  if (files.length === 0) return '';
  const entries = files.map(
    ({ flag, help }) => `- \`--${flag} FILE\` or \`${environmentNameOf(flag)}\`: ${help}`,
  );
  return `Files of the servers that Callbox takes the place of are read as well. They count after all that, and before the default:

${entries.join('\n')}

What of them is not done is said at the start; \`callbox migrate\` prints them as a file of Callbox
([migrating.md](migrating.md)).

`;
}

const introduction = `# Configuration

Nothing has to be configured. What can be is listed here, made from the same table that the program reads.

An option can be given in three ways. A flag wins over the environment, the environment over the file, the file over
the default; lists are not joined.

- A flag: \`--relay-ports 61000-61999\`. One that may be repeated is given several times.
- The environment: \`CALLBOX_RELAY_PORTS=61000-61999\`. Several values are separated by commas.
- A file, in YAML or JSON, named by \`--config FILE\` or \`CALLBOX_CONFIG\`. Its keys are the flags without \`--\`:

\`\`\`yaml
port: 8443
relay-ports: 61000-61999
turn-user:
  - alice:correct horse
  - bob:battery staple
\`\`\`

${renderForeignFiles()}Secrets belong in the environment or the file: flags can be seen by everybody on the machine. With \`npm start\`, flags
come after two dashes: \`npm start -- --port 9000\`.

What is wrong in a configuration is said in one line, with exit code 2, before anything listens.
`;

/** `docs/configuration.md`, made from the option table. */
export function renderConfigDocument(): string {
  const sections = Object.entries(optionGroups).map(([title, group]) => {
    const entries = Object.entries(group).map(([name, option]) => {
      const withAcme =
        option.defaultTextWithAcme === undefined
          ? ''
          : `; \`${option.defaultTextWithAcme}\` where a certificate is asked for`;
      const facts = [
        `- Environment: \`${environmentNameOf(name)}\``,
        ...(option.defaultText === undefined ? [] : [`- Default: \`${option.defaultText}\`${withAcme}`]),
        ...(option.isRepeatable ? ['- May be repeated'] : []),
      ];
      const flag = `--${keyOf(name)} ${option.placeholder}`.trimEnd();
      return `### \`${flag}\`\n\n${option.help}\n\n${facts.join('\n')}\n`;
    });
    return `## ${title}\n\n${entries.join('\n')}`;
  });
  return [introduction, ...sections].join('\n');
}
