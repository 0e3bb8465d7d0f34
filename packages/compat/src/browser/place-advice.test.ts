import { describe, expect, it } from 'vitest';
import { advisePlace, adviseSilence, type PagePlace } from './place-advice.ts';

function pageAt(url: string): PagePlace {
  const { protocol, hostname, origin } = new URL(url);
  const isSecure = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return { protocol, hostname, origin, isSecure };
}

describe('what stands between a page and its server', () => {
  it.each([
    ['http://localhost:8080', 'http://localhost:8888'],
    ['http://localhost:8080', 'http://192.0.2.1:8888'],
    ['http://localhost:8080', 'https://calls.example:8888'],
    ['http://127.0.0.1:8080', 'http://localhost:8888'],
    ['http://[::1]:8080', 'http://[::1]:8888'],
    ['https://pages.example', 'https://calls.example:8888'],
    ['https://calls.example', 'https://calls.example'],
  ])('is nothing for %s and %s', (page, server) => {
    expect(advisePlace(pageAt(page), new URL(server))).toBeNull();
  });

  it.each([
    ['file:///home/ana/index.html', 'http://localhost:8888', 'opened from a file'],
    ['http://192.0.2.1:8080', 'http://192.0.2.1:8888', 'no camera to a page at http://192.0.2.1'],
    ['http://pages.example', 'https://calls.example:8888', 'no camera to a page at http://pages.example'],
    ['https://pages.example', 'http://calls.example:8888', 'write https://calls.example:8888'],
    ['https://pages.example', 'http://localhost:8888', 'the machine of whoever opens the page'],
    ['https://pages.example', 'https://127.0.0.1:8888', 'the machine of whoever opens the page'],
  ])('is said for %s and %s', (page, server, words) => {
    expect(advisePlace(pageAt(page), new URL(server))).toContain(words);
  });

  it.each([
    ['http://localhost:8080', 'http://calls.example:8888', false, 'is the server running'],
    ['https://pages.example', 'https://calls.example:8888', false, 'is not trusted'],
    ['https://pages.example', 'https://calls.example:8888', true, '--allow-origin https://pages.example.'],
    ['https://calls.example', 'https://calls.example:8888', true, 'pass WebSockets on'],
    ['http://localhost:8080', 'https://calls.example:8888', true, 'pass WebSockets on'],
  ])(
    'is looked for where %s has no answer from %s, which answers else: %s',
    (page, server, answers, words) => {
      expect(adviseSilence(pageAt(page), new URL(server), answers)).toContain(words);
    },
  );
});
