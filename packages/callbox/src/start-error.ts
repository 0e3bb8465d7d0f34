/** The program cannot start here and now. The message is one line for the person who started it. */
export class StartError extends Error {
  readonly code = 'start-failed';
  override readonly name = 'StartError';
}
