/** A part that the program can do without: it hands in what it does, and nothing imports it but `extensions.ts`. */
export interface Extension {
  readonly name: string;
}
