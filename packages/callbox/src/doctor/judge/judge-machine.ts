import { find, type Finding } from '../diagnosis-table.ts';
import { inMegabytes } from '../in-words.ts';
import type { Judgement } from './judgement.ts';
import { looksFromOutside } from './perspective.ts';

/** A few are lost on every machine. */
const toleratedDrops = 100;
const wantedFiles = 1_024;
const wantedMemoryBytes = 64 * 1024 * 1024;

/** What the system grants. */
export const judgeSystem: Judgement = (facts) => {
  if (looksFromOutside(facts)) return [];
  const { droppedDatagrams, maxReceiveBuffer, maxOpenFiles, freeMemoryBytes } = facts.system;
  const findings: Finding[] = [];
  if (droppedDatagrams !== undefined && droppedDatagrams >= toleratedDrops) {
    const buffer = maxReceiveBuffer === undefined ? '' : `; net.core.rmem_max is ${maxReceiveBuffer}`;
    const evidence = `${droppedDatagrams} datagrams to UDP port ${facts.turnPort} found no room since it was opened${buffer}`;
    findings.push(find('datagrams-dropped', evidence));
  }
  if (maxOpenFiles !== undefined && maxOpenFiles < wantedFiles) {
    findings.push(find('few-files', `the limit is ${maxOpenFiles} (ulimit -n)`, { limit: maxOpenFiles }));
  }
  if (freeMemoryBytes !== undefined && freeMemoryBytes < wantedMemoryBytes) {
    const free = inMegabytes(freeMemoryBytes);
    findings.push(find('little-memory', `${free} could still be given to programs`, { free }));
  }
  return findings;
};

/** The directory with the secrets. */
export const judgeData: Judgement = (facts) => {
  if (looksFromOutside(facts)) return [];
  const { directory, error, readable } = facts.data;
  if (error !== undefined) return [find('data-unusable', `${directory}: ${error}`, { directory })];
  if (readable.length === 0) return [];
  const seen = readable.map(({ path, mode }) => `${path} has mode ${mode}`).join(', ');
  return [find('data-readable', seen, { directory })];
};
