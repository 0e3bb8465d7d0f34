import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { optionNames, keyOf } from './option-names.ts';
import { optionTable } from './option-table.ts';
import { renderConfigDocument } from './render-config-document.ts';
import { renderHelp } from './render-help.ts';

test('docs/configuration.md is what the option table says (vitest -u writes it)', async () => {
  const file = fileURLToPath(new URL('../../../../docs/configuration.md', import.meta.url));
  await expect(renderConfigDocument()).toMatchFileSnapshot(file);
});

test.each(optionNames)('the help tells of %s, and of its default', (name) => {
  const words = renderHelp().replace(/\s+/g, ' ');
  const { defaultText, defaultTextWithAcme, placeholder } = optionTable[name];
  expect(words).toContain(` --${`${keyOf(name)} ${placeholder}`.trimEnd()} `);
  expect(words).toContain(defaultText === undefined ? '' : `Default: ${defaultText}`);
  expect(words).toContain(defaultTextWithAcme === undefined ? '' : `; ${defaultTextWithAcme} where a cert`);
});

test('the help fits a terminal of a hundred columns', () => {
  for (const line of renderHelp().split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});
