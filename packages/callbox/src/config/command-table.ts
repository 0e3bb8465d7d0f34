/** A flag that one command alone knows. */
export interface CommandFlag {
  readonly name: string;
  /** Stands for its value in `--help`; undefined for a flag without one. */
  readonly placeholder: string | undefined;
}

/** One thing the program can do. */
export interface CommandEntry {
  /** How it is written, after `callbox`. */
  readonly usage: string;
  readonly help: string;
  readonly flags: readonly CommandFlag[];
  /** Words that may follow it. */
  readonly takesWords: boolean;
}

function command(usage: string, help: string, more: Partial<CommandEntry> = {}): CommandEntry {
  return { usage, help, flags: [], takesWords: false, ...more };
}

/** Every command there is. All of them understand all options; the first is what is done without a command. */
export const commandTable = {
  start: command('[start]', 'Run the server.'),
  doctor: command(
    'doctor [--url https://NAME] [--json]',
    'Look for what is in the way of calls: on this machine and, with --url, by the address that guests open. Give it the options that the server has. Ends with 1 if there is a failure.',
    {
      flags: [
        { name: 'url', placeholder: 'URL' },
        { name: 'json', placeholder: undefined },
      ],
    },
  ),
} as const;

export type CommandName = keyof typeof commandTable;

export const commandNames = Object.keys(commandTable) as readonly CommandName[];
