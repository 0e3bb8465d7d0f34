/** Writes a figure into the log of the tests, for whoever wants to know more than that it was good enough. */
export function note(line: string): void {
  process.stdout.write(`${line}\n`);
}
