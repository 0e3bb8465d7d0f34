/** The look of the application, without its files: this page has to stand where nothing else loads. */
export const authorityPageStyle = `
:root {
  color-scheme: light dark;
  --canvas: light-dark(oklch(0.973 0.006 95), oklch(0.165 0.008 168));
  --surface: light-dark(oklch(0.995 0.003 95), oklch(0.215 0.009 168));
  --line: light-dark(oklch(0.895 0.008 100), oklch(0.315 0.01 168));
  --ink: light-dark(oklch(0.225 0.018 168), oklch(0.955 0.006 110));
  --ink-soft: light-dark(oklch(0.45 0.018 160), oklch(0.75 0.012 140));
  --accent: light-dark(oklch(0.44 0.092 163), oklch(0.83 0.125 163));
  --accent-ink: light-dark(oklch(0.99 0.008 110), oklch(0.21 0.045 163));
  --accent-text: light-dark(oklch(0.42 0.09 163), oklch(0.84 0.12 163));
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: 24px 20px 64px;
  background: var(--canvas);
  color: var(--ink);
  font: 0.9375rem/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Microsoft YaHei',
    'Noto Sans CJK SC', sans-serif;
}
main, header { max-width: 40rem; margin: 0 auto; }
header { display: flex; justify-content: space-between; }
header a { display: inline-flex; align-items: center; min-height: 44px; }
h1 { margin: 24px 0 12px; font-size: 1.625rem; line-height: 1.25; }
h2 { margin: 32px 0 8px; font-size: 1.125rem; }
p { margin: 8px 0; }
a { color: var(--accent-text); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.soft { color: var(--ink-soft); }
.names { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0; padding: 0; list-style: none; }
.names li { padding: 2px 12px; border: 1px solid var(--line); border-radius: 999px; background: var(--surface); overflow-wrap: anywhere; }
.fingerprint { display: block; padding: 16px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); font: 0.9375rem/1.7 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.download { display: inline-flex; align-items: center; min-height: 48px; margin: 12px 0 4px; padding: 0 24px; border-radius: 10px; background: var(--accent); color: var(--accent-ink); font-weight: 600; text-decoration: none; }
details { border-top: 1px solid var(--line); }
details:last-of-type { border-bottom: 1px solid var(--line); }
summary { display: flex; align-items: center; min-height: 48px; cursor: pointer; font-weight: 600; }
summary::after { content: '+'; margin-left: auto; font-weight: 400; color: var(--ink-soft); }
details[open] summary::after { content: '–'; }
ol { margin: 0 0 16px; padding-left: 24px; }
ol li + li { margin-top: 4px; }
`;
