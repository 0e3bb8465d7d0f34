/** An operator's command cannot be carried out. The message is one line for the person who gave it. */
export class AdminError extends Error {
  readonly code = 'admin-failed';
  override readonly name = 'AdminError';
}
