import { describe, expect, it } from 'vitest';
import { linkify, type TextPart } from './linkify.ts';

const text = (words: string): TextPart => ({ kind: 'text', text: words });
const link = (shown: string, href = shown): TextPart => ({ kind: 'link', text: shown, href });
const linksIn = (message: string) => linkify(message).filter(({ kind }) => kind === 'link');

describe('linkify', () => {
  it.each<[string, readonly TextPart[]]>([
    ['no link here', [text('no link here')]],
    ['', []],
    ['see https://example.org/a?b=c#d', [text('see '), link('https://example.org/a?b=c#d')]],
    ['HTTPS://EXAMPLE.org', [link('HTTPS://EXAMPLE.org', 'https://example.org/')]],
    ['(https://example.org/x)', [text('('), link('https://example.org/x'), text(')')]],
    ['https://example.org/a_(b)', [link('https://example.org/a_(b)')]],
    ['https://example.org/x. Then', [link('https://example.org/x'), text('. Then')]],
    ['https://example.org/x?!', [link('https://example.org/x'), text('?!')]],
    [
      '看https://example.org/页，好',
      [text('看'), link('https://example.org/页', 'https://example.org/%E9%A1%B5'), text('，好')],
    ],
    ['<https://example.org/>', [text('<'), link('https://example.org/'), text('>')]],
    [
      'http://a.example/ http://b.example/',
      [link('http://a.example/'), text(' '), link('http://b.example/')],
    ],
  ])('cuts %j', (message, parts) => {
    expect(linkify(message)).toEqual(parts);
  });

  it('loses no character of a message', () => {
    const message = 'a https://example.org/x, (http://b.example/?q=1). end https:// x';
    expect(
      linkify(message)
        .map((part) => part.text)
        .join(''),
    ).toBe(message);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//https:',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'blob:https//example.org/x',
    'ftp://example.org/',
    'https://',
    'http://?',
    'https://[::1',
  ])('makes no link of %s', (message) => {
    expect(linksIn(message)).toEqual([]);
  });

  it('makes no link of an address that hides its host behind a name and password', () => {
    expect(linksIn('https://bank.example@evil.example/')).toEqual([]);
    expect(linksIn('https://bank.example:443@evil.example/')).toEqual([]);
  });

  it.each([
    ['https://example.org/"onmouseover="alert(1)', 'https://example.org/'],
    ["https://example.org/'onclick='alert(1)", 'https://example.org/'],
    ['https://example.org/<img/src=x/onerror=alert(1)>', 'https://example.org/'],
    ['https://example.org/`x`', 'https://example.org/'],
  ])('ends the link in %s before what could leave an attribute', (message, href) => {
    expect(linksIn(message)[0]).toMatchObject({ href });
  });

  it('shows a host of foreign letters as the network spells it', () => {
    // The first letter is Cyrillic.
    expect(linksIn('https://аpple.com/login')[0]?.text).toBe('https://xn--pple-43d.com/login');
  });

  it('takes a long message of near-links in stride', () => {
    const message = 'http'.repeat(1000) + 'https://'.repeat(500);
    const before = performance.now();
    linkify(message.slice(0, 4000));
    // One that goes back over what it has read takes minutes.
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
