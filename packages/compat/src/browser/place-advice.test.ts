import { describe, expect, it } from 'vitest';
import { advisePlace, adviseUnreachable } from './place-advice.ts';

function pageAt(url: string): { protocol: string; hostname: string; isSecure: boolean } {
  const { protocol, hostname } = new URL(url);
  const isSecure = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return { protocol, hostname, isSecure };
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

  it('is perhaps the certificate where https is not answered', () => {
    expect(adviseUnreachable(new URL('https://calls.example:8888'))).toContain('not trusted');
    expect(adviseUnreachable(new URL('http://calls.example:8888'))).toContain('is the server running');
  });
});
