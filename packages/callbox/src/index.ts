/** The program as a library: load a configuration, start everything it names, look what is the matter, stop it again. */
export { ConfigError } from './config/config-error.ts';
export { loadConfig, type Command } from './config/load-config.ts';
export type { Config } from './config/config.ts';
export { examine } from './doctor/run-doctor.ts';
export type { Report } from './doctor/report.ts';
export { createLogger, type LoggerOptions } from './log/create-logger.ts';
export { createProgram, type Program, type ProgramOptions } from './program.ts';
export { StartError } from './start-error.ts';
export { renderStartUpText, type StartUpFacts } from './start-up-text.ts';
