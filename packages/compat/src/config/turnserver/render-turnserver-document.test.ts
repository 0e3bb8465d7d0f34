import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { renderTurnserverDocument } from './render-turnserver-document.ts';

const file = fileURLToPath(new URL('../../../../../docs/turnserver-conf.md', import.meta.url));

test('docs/turnserver-conf.md is what the table says', async () => {
  const options = await resolveConfig(file);
  await expect(
    await format(renderTurnserverDocument(), { ...options, parser: 'markdown' }),
  ).toMatchFileSnapshot(file);
});
