// Holds the list of attacks against the results of the steps before: `npm test` runs it last. A case whose test is missing, was
// skipped or has failed fails; outside of CI, what could not be tested on this machine is said and forgiven.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { attackCases } from '../conformance/attack-list/cases.mjs';

/** How many there are of each kind: a case that is dropped from the list is missed. */
const expectedCounts = { P: 16, A: 17, F: 19, L: 10, B: 24 };
const root = fileURLToPath(new URL('..', import.meta.url));
const resultsFolder = process.argv[2] ?? `${root}artifacts/results`;
const isForgiving = process.env.CI !== 'true';

const tests = readTests();
const faults = [...countFaults(), ...attackCases.flatMap(faultsOf)];
const forgiven = isForgiving ? faults.filter(({ isSkipped }) => isSkipped) : [];
for (const { id, text } of forgiven) console.log(`*** NOT TESTED HERE: ${id}: ${text}`);
const serious = faults.filter((fault) => !forgiven.includes(fault));
for (const { id, text } of serious) console.error(`${id}: ${text}`);
console.log(`the list of attacks: ${attackCases.length} cases, ${serious.length} not proven`);
process.exitCode = serious.length === 0 ? 0 : 1;

/** Every test of every step: where it is, what it is called, how it went. */
function readTests() {
  const files = readdirSync(resultsFolder).filter((name) => name.endsWith('.json'));
  if (files.length === 0) {
    console.error(`no results in ${resultsFolder}: run the whole npm test`);
    process.exit(1);
  }
  return files.flatMap((name) =>
    JSON.parse(readFileSync(`${resultsFolder}/${name}`, 'utf8')).testResults.flatMap((file) =>
      file.assertionResults.map(({ title, ancestorTitles, status }) => ({
        file: file.name,
        title,
        suite: ancestorTitles.join(' '),
        status,
      })),
    ),
  );
}

function countFaults() {
  const ids = attackCases.map(({ id }) => id);
  return Object.entries(expectedCounts).flatMap(([letter, count]) => {
    const expected = Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
    const there = ids.filter((id) => id.startsWith(letter));
    return there.join() === expected.join()
      ? []
      : [
          {
            id: letter,
            text: `there should be ${letter}1 to ${letter}${count}, each once`,
            isSkipped: false,
          },
        ];
  });
}

function faultsOf({ id, refusal, control, flood, unit = [], wire = [], twin = [] }) {
  const inFile = (part) => (test) => test.file.includes(part);
  const attackList = tests.filter(inFile('/control/attack-list'));
  const ofWire = (caseId) =>
    tests.filter(
      ({ file, title }) => file.endsWith('/turn/callbox.test.ts') && title.includes(`[${caseId}, `),
    );
  const ofUnit = (reference) => {
    const [file, start] = split(reference);
    return tests.filter((test) => test.file.endsWith(file) && test.title.startsWith(start));
  };
  const needs = [
    ...(control ? [[`a test "${id} …"`, attackList.filter(({ title }) => title.startsWith(`${id} `))]] : []),
    ...(flood
      ? [
          [
            `a flood "${id} …"`,
            tests.filter(inFile('/floods/')).filter(({ title }) => title.startsWith(`${id} `)),
          ],
        ]
      : []),
    ...unit.map((reference) => [reference, ofUnit(reference)]),
    ...wire.map((caseId) => [`over the wire ${caseId}`, ofWire(caseId)]),
    ...twin.map((reference) => [
      `twin ${reference}`,
      reference.startsWith('wire:') ? ofWire(reference.slice('wire:'.length)) : ofUnit(reference),
    ]),
  ];
  if (refusal && twin.length === 0) {
    needs.push([
      `a test "${id} twin: …"`,
      attackList.filter(({ title }) => title.startsWith(`${id} twin: `)),
    ]);
  }
  if (needs.length === 0) return [{ id, text: 'names no test', isSkipped: false }];
  return needs.flatMap(([name, found]) => judge(id, name, found));
}

/** All that was found has to have passed, and something has to have been found. */
function judge(id, name, found) {
  if (found.length === 0) return [{ id, text: `${name}: there is no such test`, isSkipped: false }];
  const bad = found.filter(({ status }) => status !== 'passed');
  return bad.map(({ title, status }) => ({
    id,
    text: `${name}: "${title}" ${status}`,
    isSkipped: status === 'skipped' || status === 'pending',
  }));
}

/** `file: beginning of the title` */
function split(reference) {
  const at = reference.indexOf(': ');
  return [`/${reference.slice(0, at)}`, reference.slice(at + 2)];
}
