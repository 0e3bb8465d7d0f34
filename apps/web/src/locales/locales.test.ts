import { readdirSync, readFileSync } from 'node:fs';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { isLocale, loadCatalogue, locales, pickLocale } from './locale.ts';
import { createTranslator } from './translator.ts';

type AnyMessage = string | { readonly one?: string; readonly other: string };

const formsOf = (message: AnyMessage): readonly string[] =>
  typeof message === 'string' ? [message] : Object.values(message);
const placeholdersIn = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

const source = new URL('..', import.meta.url);
const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
const readSource = (file: string) => readFileSync(new URL(file, source), 'utf8');

describe.each(locales)('the catalogue of %s', (locale) => {
  it('has the same messages as English, and nothing empty', async () => {
    const catalogue = await loadCatalogue(locale);
    expect(Object.keys(catalogue)).toEqual(Object.keys(en));
    for (const message of Object.values(catalogue).flatMap(formsOf)) expect(message).not.toBe('');
  });

  it('fills in the same values as English, in every plural form', async () => {
    const catalogue: Readonly<Record<string, AnyMessage>> = await loadCatalogue(locale);
    for (const [key, message] of Object.entries<AnyMessage>(en)) {
      const expected = placeholdersIn(formsOf(message).join(' '));
      for (const form of formsOf(catalogue[key] ?? '')) {
        const own = placeholdersIn(form);
        // A form may leave the number to the words: "one person".
        expect([own, [...own, '{count}'].sort()], `${locale} ${key}`).toContainEqual(expected);
      }
    }
  });
});

describe('the words of the interface', () => {
  it('are all used', () => {
    const code = files
      .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.') && !file.startsWith('locales/'))
      .map(readSource)
      .join('\n');
    // Keys that are put together from a variable part are looked for by their fixed part.
    const assembled = [...code.matchAll(/`([a-zA-Z.]+\.)\$\{\w+(?:\.\w+)*\}`/g)].map(
      (match) => match[1] ?? '',
    );
    const unused = Object.keys(en).filter(
      (key) =>
        !code.includes(`'${key}'`) &&
        !key.startsWith('duration.') &&
        !assembled.some((start) => key.startsWith(start)),
    );
    expect(unused).toEqual([]);
  });

  it('come from the catalogue only: no component has text of its own', () => {
    const spoken = new Set([
      'aria-label',
      'aria-description',
      'alt',
      'label',
      'placeholder',
      'title',
      'heading',
    ]);
    const found: string[] = [];
    function walk(file: string, node: unknown): void {
      if (Array.isArray(node)) for (const child of node) walk(file, child);
      if (typeof node !== 'object' || node === null) return;
      const { type, name, value } = node as { type?: string; name?: { name?: string }; value?: unknown };
      if (type === 'JSXText' && /\p{L}/u.test(String(value))) found.push(`${file}: ${String(value).trim()}`);
      if (type === 'JSXAttribute' && spoken.has(name?.name ?? '')) {
        const text = (value as { value?: unknown } | null)?.value;
        if (typeof text === 'string' && /\p{L}/u.test(text)) found.push(`${file}: ${text}`);
      }
      for (const child of Object.values(node)) walk(file, child);
    }
    const components = files.filter((file) => file.endsWith('.tsx'));
    expect(components.length).toBeGreaterThan(20);
    for (const file of components) walk(file, parseAst(readSource(file), { lang: 'tsx' }));
    expect(found).toEqual([]);
  });
});

describe('pickLocale', () => {
  it.each([
    [['zh-TW', 'en'], 'zh-CN'],
    [['zh'], 'zh-CN'],
    [['en-GB', 'zh-CN'], 'en'],
    [['fr-FR', 'zh-CN'], 'zh-CN'],
    [['fr', 'de'], 'en'],
    [[], 'en'],
  ] as const)('speaks to a browser that prefers %j in %s', (languages, locale) => {
    expect(pickLocale(null, languages)).toBe(locale);
  });

  it('keeps to the language that was chosen', () => {
    expect(pickLocale('zh-CN', ['en'])).toBe('zh-CN');
  });

  it('knows its own languages only', () => {
    expect(isLocale('zh-CN')).toBe(true);
    expect(isLocale('toString')).toBe(false);
  });
});

describe('createTranslator', () => {
  const english = createTranslator('en', en);

  it('chooses the plural form by the language', async () => {
    expect(english.t('duration.minutes', { count: 1 })).toBe('1 minute');
    expect(english.t('duration.minutes', { count: 12 })).toBe('12 minutes');
    const chinese = createTranslator('zh-CN', await loadCatalogue('zh-CN'));
    expect(chinese.t('duration.minutes', { count: 1 })).toBe('1 分钟');
  });

  it('puts a value in as it is, whatever it looks like', () => {
    expect(english.t('announce.joined', { names: '$& {names} <b>' })).toBe('$& {names} <b> joined.');
  });

  it.each([
    [0, '0 seconds'],
    [1_400, '1 second'],
    [59_400, '59 seconds'],
    [60_000, '1 minute'],
    [44 * 60_000, '44 minutes'],
    [60 * 60_000, '1 hour'],
    [125 * 60_000, '2 hours 5 minutes'],
  ])('says %i ms as "%s"', (ms, words) => {
    expect(english.span(ms)).toBe(words);
  });

  it('joins names as the language does', () => {
    expect(english.list(['Ana', 'Bo', 'Chen'])).toBe('Ana, Bo, and Chen');
  });
});
