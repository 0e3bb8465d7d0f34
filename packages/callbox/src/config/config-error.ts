/** The configuration is wrong. The message is one line for the person who wrote it. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';
  override readonly name = 'ConfigError';
}
