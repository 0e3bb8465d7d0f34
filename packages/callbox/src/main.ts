#!/usr/bin/env node
import { AdminError } from './admin/admin-error.ts';
import { runAdminCommand } from './admin/run-admin-command.ts';
import { ConfigError } from './config/config-error.ts';
import { loadConfig } from './config/load-config.ts';
import { listForeignFiles } from './config/list-foreign-files.ts';
import type { ConfigNote, ForeignValues } from './config/read-foreign-files.ts';
import { renderConfigFile } from './config/render-config-file.ts';
import { renderHelp } from './config/render-help.ts';
import type { Config } from './config/config.ts';
import { createSignalHandler } from './create-signal-handler.ts';
import { createLogger } from './log/create-logger.ts';
import { openLogFile } from './log/open-log-file.ts';
import { runDoctor } from './doctor/run-doctor.ts';
import { createProgram } from './program.ts';
import { readProgramVersion } from './program-version.ts';
import { StartError } from './start-error.ts';
import { findAddressToShare, renderStartUpText } from './start-up-text.ts';
import { renderTerminalQrCode } from './terminal-qr-code.ts';

/** Exit codes: 0 ended as asked, 1 could not start or could not be done, 2 configured wrongly, 130 ended by force. */
function fail(error: unknown): never {
  const isForPeople =
    error instanceof ConfigError || error instanceof StartError || error instanceof AdminError;
  if (!isForPeople) throw error;
  process.stderr.write(`callbox: ${error.message}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}

async function start(config: Config, notes: readonly ConfigNote[]): Promise<void> {
  const file = config.logFile === undefined ? undefined : openLogFile(config.logFile);
  const logger = createLogger({
    level: config.logLevel,
    format: process.stderr.isTTY && file === undefined ? 'text' : 'json',
    write: file === undefined ? (line) => process.stderr.write(line) : file.write,
  });
  for (const { level, text } of notes) logger[level](text);
  const program = createProgram(config, { logger });
  const endOnSignal = createSignalHandler({
    stop: program.stop,
    exit: (code) => process.exit(code),
    onEnding: () => process.stdout.write('\n  Callbox is ending.\n'),
  });
  process.on('SIGINT', endOnSignal);
  process.on('SIGTERM', endOnSignal);
  // Elsewhere there is no such signal.
  if (process.platform !== 'win32') {
    if (file !== undefined) process.on('SIGHUP', file.reopen);
    process.on('SIGUSR2', () => logger.info('figures of the relay', program.relayFigures()));
  }
  const facts = await program.start();
  process.stdout.write(renderStartUpText(facts));
  const address = findAddressToShare(facts);
  if (process.stdout.isTTY && !config.noQr && address !== undefined) {
    process.stdout.write(renderTerminalQrCode(address, process.stdout.columns) ?? '');
  }
}

function migrate(foreign: ForeignValues): void {
  if (foreign.values.size === 0 && foreign.notes.length === 0) {
    const flags = listForeignFiles().map(({ flag }) => `--${flag} FILE`);
    throw new ConfigError(`migrate: name a file of another program (${flags.join(', ')})`);
  }
  process.stdout.write(renderConfigFile(foreign));
}

async function doctor(config: Config, flags: ReadonlyMap<string, string>): Promise<number> {
  const { stdout, env } = process;
  return runDoctor(config, {
    url: flags.get('url'),
    json: flags.has('json'),
    colours: stdout.isTTY && env['NO_COLOR'] === undefined,
    columns: stdout.isTTY ? stdout.columns : 100,
    write: (text) => void stdout.write(text),
  });
}

async function main(): Promise<void> {
  const command = await loadConfig(process.argv.slice(2), process.env);
  switch (command.wants) {
    case 'help':
      process.stdout.write(renderHelp());
      return;
    case 'version':
      process.stdout.write(`${readProgramVersion()}\n`);
      return;
    case 'start':
      await start(command.config, command.foreign.notes);
      return;
    case 'doctor':
      process.exitCode = await doctor(command.config, command.line.flags);
      return;
    case 'migrate':
      migrate(command.foreign);
      return;
    case 'status':
    case 'sessions':
    case 'drain':
      await runAdminCommand({
        name: command.wants,
        line: command.line,
        dataDirectory: command.config.dataDir,
        write: (text) => void process.stdout.write(text),
      });
      return;
  }
}

// Whoever read along may stop doing so; the server goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

await main().catch(fail);
