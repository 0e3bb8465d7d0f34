/** A living server has the directory. */
export class DirectoryTakenError extends Error {
  readonly code = 'directory-taken';
  override readonly name = 'DirectoryTakenError';
  /** Of the process that has it; undefined where that is not known, or a number of another machine. */
  readonly pid: number | undefined;

  constructor(directory: string, pid: number | undefined) {
    super(`another process has ${directory}`);
    this.pid = pid;
  }
}
