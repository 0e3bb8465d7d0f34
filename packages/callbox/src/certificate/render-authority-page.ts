import { authorityPageStyle } from './authority-page-style.ts';
import { authorityWords, type PageLanguage } from './authority-words.ts';

/** What the page tells of the authority. */
export interface AuthorityFacts {
  /** Names and addresses that it may vouch for. */
  readonly names: readonly string[];
  /** SHA-256 of the certificate, in pairs of digits. */
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly notAfterMs: number;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The page that says what installing the authority means, and how it is done; without scripts. Its addresses are relative:
 * it may be served under a path.
 */
export function renderAuthorityPage(facts: AuthorityFacts, language: PageLanguage): string {
  const words = authorityWords[language];
  const other: PageLanguage = language === 'en' ? 'zh' : 'en';
  const date = new Date(facts.notAfterMs).toISOString().slice(0, 10);
  const names = facts.names.map((name) => `<li>${escapeHtml(name)}</li>`).join('');
  const guides = words.guides.map(
    ({ device, steps }) =>
      `<details name="device"><summary>${device}</summary><ol>${steps.map((step) => `<li>${step}</li>`).join('')}</ol></details>`,
  );
  return `<!doctype html>
<html lang="${words.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title} · Callbox</title>
<link rel="icon" href="favicon.svg" type="image/svg+xml">
<style>${authorityPageStyle}</style>
</head>
<body>
<header><a href="./">${words.back}</a><a href="ca?language=${other}" hreflang="${authorityWords[other].tag}" lang="${authorityWords[other].tag}">${words.otherLanguage}</a></header>
<main>
<h1>${words.title}</h1>
<p>${words.why}</p>
<h2>${words.meaning}</h2>
<p>${words.can}</p>
<ul class="names">${names}</ul>
<p>${words.cannot}</p>
<p>${words.owner}</p>
<h2>${words.fingerprint}</h2>
<code class="fingerprint">${facts.fingerprint.replaceAll(':', ':<wbr>')}</code>
<p>${words.compare}</p>
<a class="download" href="ca.crt" download="callbox-ca.crt">${words.download}</a>
<p class="soft">${words.until(date)}</p>
<h2>${words.how}</h2>
${guides.join('\n')}
<h2>${words.removal}</h2>
<p>${words.removalHow}</p>
</main>
</body>
</html>
`;
}
