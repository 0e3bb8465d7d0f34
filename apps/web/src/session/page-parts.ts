/**
 * What this page may still have to load, and whether its server has a newer page by now. Parts have a hash of their content
 * in their names, so those of an older build are not there any more once the server was replaced.
 */
export interface PageParts {
  /** Fetches all that may be needed later, while it is there to be had. Once: what is kept stays. */
  keep(): Promise<void>;
  /** Whether the server has another build of this page. False also when it cannot be asked. */
  isOutdated(): Promise<boolean>;
}

export interface PagePartsOptions {
  readonly document: Document;
  readonly fetch: (url: URL) => Promise<unknown>;
  /** Fetches something so that the browser has it when it needs it. */
  readonly cache: (url: URL) => Promise<unknown>;
  /** The address of a part that every build has, as it is in this one. */
  readonly ownPart: string;
}

/** Written by the build (vite.config.ts). */
const listName = 'parts.json';

export function createPageParts({ document, fetch, cache, ownPart }: PagePartsOptions): PageParts {
  /** Empty where there is no list, as in development. */
  async function list(): Promise<readonly string[]> {
    try {
      const parts = await fetch(new URL(listName, document.baseURI));
      return Array.isArray(parts) ? parts.filter((part) => typeof part === 'string') : [];
    } catch {
      return [];
    }
  }

  let kept = false;
  const isOwn = (part: string) => new URL(part, document.baseURI).href === ownPart;

  return {
    async keep() {
      const parts = kept ? [] : await list();
      // Those of another build are of no use here.
      if (kept || !parts.some(isOwn)) return;
      kept = true;
      for (const part of parts) {
        const url = new URL(part, document.baseURI);
        if (part.endsWith('.js')) {
          const link = document.createElement('link');
          link.rel = 'modulepreload';
          link.href = url.href;
          document.head.append(link);
        } else {
          // Into the cache: browsers take their time with what is only to be prefetched.
          await cache(url);
        }
      }
    },
    async isOutdated() {
      const parts = await list();
      return parts.length > 0 && !parts.some(isOwn);
    },
  };
}

/** Fetches what never changes, and so stays in the browser's cache. */
export async function cacheFile(url: URL): Promise<unknown> {
  return (await fetch(url)).arrayBuffer();
}

/** Asks past the cache: what was true a minute ago is no answer. */
export async function fetchJson(url: URL): Promise<unknown> {
  const answer = await fetch(url, { cache: 'no-store' });
  return answer.ok ? answer.json() : null;
}
