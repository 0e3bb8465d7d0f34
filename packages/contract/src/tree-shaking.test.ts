import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';

const entry = fileURLToPath(new URL('index.ts', import.meta.url));

/** What a page loads that imports these names and nothing else. */
async function bundle(names: string): Promise<string> {
  const source = `import { ${names} } from ${JSON.stringify(entry)}; globalThis.used = [${names}];`;
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === 'page' ? id : null),
        load: (id) => (id === 'page' ? source : null),
      },
    ],
    build: { write: false, minify: true, rollupOptions: { input: 'page' } },
  });
  if (!('output' in result)) throw new Error('no output');
  return result.output[0].code;
}

describe('the contract in a page', () => {
  it('costs what is used of it: limits come without schemas', async () => {
    expect((await bundle('limits')).length).toBeLessThan(500);
  });

  it('costs what is used of it: room names come without requests', async () => {
    const code = await bundle('createRoomName, parseRoomName');
    expect(code.length).toBeLessThan(2_000);
    expect(code).not.toContain('room-join');
  });

  it('is small as a whole and asks for nothing of Node', async () => {
    const code = await bundle('parseWith, requests, notices, answerSchema, createRoomName, handshakeSchema');
    expect(code).toContain('room-join');
    expect(code).not.toMatch(/node:|require\(|process\.|Buffer\b/);
    expect(code.length).toBeLessThan(16_000);
  });
});
