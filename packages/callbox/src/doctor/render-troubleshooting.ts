import { diagnosisTable, layers, type Diagnosis, type Layer } from './diagnosis-table.ts';

const introduction = `# When calls do not work

Three things say where a call ends, and what to do about it.

**The guest opens \`/check\`** on this server, on the device and in the network where the call fails. The page tries what a
call needs, with nobody else: whether it came encrypted, the connection to the server, the guest's own address, and by each way
through the relay a call with itself that carries data. Every row has its verdict and the one thing to do. _Copy report_ gives a
text for whoever runs the server, without credentials and with addresses shortened.

**In a call that works badly, a guest opens _More_, _Statistics_**: for each person the path, what comes in and goes out, what is
lost, the delay, and whose network is bad, over the last two minutes. _Save as a file_ gives the figures of the last ten minutes
to whoever helps, with names and without addresses.

**You run the doctor**, with the options that the server has:

\`\`\`sh
npx callbox doctor                              # what can be seen on this machine
npx callbox doctor --url https://calls.example  # and by the address that guests open
\`\`\`

From a clone of the repository it is \`npm run doctor -- --url https://calls.example\`. On another machine it looks at the server from
outside. Where the options name a \`--domain\`, that one is looked at.

It changes nothing, and asks nobody but this server and, for a name, the resolver of this machine. It ends with 1 if there is a
failure. \`--json\` prints the same for a program: \`layers\` are what was looked at, \`findings\` what is the matter, each with \`id\`,
\`layer\`, \`severity\`, \`what\`, \`evidence\` and \`fix\`.

A failure means that some calls or all will not work; a warning, that they do, though not as they were meant to. What only follows
from something else is not said.
`;

const severityWords: Readonly<Record<Diagnosis['severity'], string>> = {
  failure: 'Failure',
  warning: 'Warning',
};

/** `{name}` stands for what was found. */
function openBlanks(text: string): string {
  return text.replace(/\{(\w+)\}/g, (_whole, name: string) => `_${name}_`);
}

/** `docs/troubleshooting.md`, made from the table of diagnoses. */
export function renderTroubleshooting(): string {
  const sections = (Object.keys(layers) as readonly Layer[]).map((layer) => {
    const entries = Object.entries<Diagnosis>(diagnosisTable)
      .filter(([, diagnosis]) => diagnosis.layer === layer)
      .map(([id, { severity, what, fix }]) =>
        [`### \`${id}\``, `${severityWords[severity]}. ${openBlanks(what)}`, openBlanks(fix)].join('\n\n'),
      );
    return [`## ${layers[layer]}`, ...entries].join('\n\n');
  });
  return `${[introduction.trimEnd(), ...sections].join('\n\n')}\n`;
}
