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

test('the help names every option with its default, in lines that fit a terminal', () => {
  const help = renderHelp();
  const words = help.replace(/\s+/g, ' ');
  for (const name of optionNames) {
    expect(help).toContain(`  --${keyOf(name)} `);
    const { defaultText } = optionTable[name];
    if (defaultText !== undefined) expect(words).toContain(`Default: ${defaultText}.`);
  }
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});
