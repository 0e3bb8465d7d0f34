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

const json: CommandFlag = { name: 'json', placeholder: undefined };

/** Every command there is. All of them understand all options; the first is what is done without a command. */
export const commandTable = {
  start: command('[start]', 'Run the server.'),
  doctor: command(
    'doctor [--url https://NAME] [--json]',
    'Look for what is in the way of calls: on this machine and, with --url, by the address that guests open. Give it the options that the server has. Ends with 1 if there is a failure.',
    {
      flags: [{ name: 'url', placeholder: 'URL' }, json],
    },
  ),
  migrate: command(
    'migrate',
    'Print a configuration file that means the same as the files of other programs that are named, with a comment for all that it does not hold. It has their secrets in it.',
  ),
  status: command('status [--json]', 'Show what the server of this data directory does and has counted.', {
    flags: [json],
  }),
  sessions: command(
    'sessions [end ID] [--addresses] [--json]',
    'List whom the relay serves, with whole addresses only if asked to; or end one of these sessions by its id.',
    { flags: [json, { name: 'addresses', placeholder: undefined }], takesWords: true },
  ),
  drain: command(
    'drain [--wait SECONDS]',
    'Let the relay take nobody new until the next start, and say how many are left; with --wait, wait until none is. Ends with 1 if that takes longer.',
    { flags: [{ name: 'wait', placeholder: 'SECONDS' }] },
  ),
} as const;

export type CommandName = keyof typeof commandTable;

export const commandNames = Object.keys(commandTable) as readonly CommandName[];
