import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { diagnosisTable } from './diagnosis-table.ts';
import { renderTroubleshooting } from './render-troubleshooting.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

test('docs/troubleshooting.md is what the table of diagnoses says (vitest -u writes it)', async () => {
  await expect(renderTroubleshooting()).toMatchFileSnapshot(inRepository('docs/troubleshooting.md'));
});

test('of every diagnosis there is a fault that was put into a server, and that the doctor named', () => {
  const faults = ['packages/callbox/src/doctor/faults.test.ts', 'e2e/doctor.test.ts']
    .map((path) => readFileSync(inRepository(path), 'utf8'))
    .join('\n');
  expect(Object.keys(diagnosisTable).filter((id) => !faults.includes(`'${id}'`))).toEqual([]);
});
