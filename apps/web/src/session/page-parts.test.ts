import { describe, expect, it } from 'vitest';
import { createPageParts } from './page-parts.ts';

const build = ['assets/index-1.js', 'assets/call-1.js', 'assets/call-1.css', 'assets/check-1.js'];

/** As much of a document as is asked of one. */
function createPage(answer: () => unknown) {
  const links: { rel: string; href: string }[] = [];
  const asked: string[] = [];
  const cached: string[] = [];
  const document = {
    baseURI: 'https://calls.example/sub/',
    createElement: () => ({ rel: '', href: '' }),
    head: { append: (link: (typeof links)[number]) => void links.push(link) },
  } as unknown as Document;
  const parts = createPageParts({
    document,
    ownPart: 'https://calls.example/sub/assets/call-1.js',
    cache: (url) => {
      cached.push(url.href);
      return Promise.resolve();
    },
    fetch: (url) => {
      asked.push(url.href);
      return Promise.resolve().then(answer);
    },
  });
  return { parts, links, asked, cached };
}

describe('the parts of a page', () => {
  it('are fetched while they are there: scripts so that they are kept, sheets into the cache', async () => {
    const { parts, links, asked, cached } = createPage(() => build);
    await parts.keep();
    expect(asked).toEqual(['https://calls.example/sub/parts.json']);
    expect(
      links.map(({ rel, href }) => [rel, href.replace('https://calls.example/sub/assets/', '')]),
    ).toEqual([
      ['modulepreload', 'index-1.js'],
      ['modulepreload', 'call-1.js'],
      ['modulepreload', 'check-1.js'],
    ]);
    expect(cached).toEqual(['https://calls.example/sub/assets/call-1.css']);
  });

  it('are fetched once, however often a call is entered', async () => {
    const { parts, links, asked, cached } = createPage(() => build);
    await parts.keep();
    await parts.keep();
    expect([asked.length, links.length, cached.length]).toEqual([1, 3, 1]);
  });

  it('are fetched at the next try when the list could not be had', async () => {
    const answers = [null, build];
    const { parts, links } = createPage(() => answers.shift());
    await parts.keep();
    expect(links).toEqual([]);
    await parts.keep();
    expect(links).toHaveLength(3);
  });

  it('are left alone when they are those of another build already', async () => {
    const { parts, links } = createPage(() => ['assets/call-2.js']);
    await parts.keep();
    expect(links).toEqual([]);
  });

  it.each([
    ['the same build', () => build, false],
    ['another build', () => ['assets/index-2.js', 'assets/call-2.js'], true],
    ['no list', () => null, false],
    ['an empty list', () => [], false],
    ['something else', () => ({ parts: build }), false],
    [
      'no answer',
      () => {
        throw new TypeError('Failed to fetch');
      },
      false,
    ],
  ])('where the server has %s', async (_what, answer, expected) => {
    expect(await createPage(answer).parts.isOutdated()).toBe(expected);
  });
});
