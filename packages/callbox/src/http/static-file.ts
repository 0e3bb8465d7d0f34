import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

type Encoding = 'br' | 'gzip';

/** A file that is served from memory: it stays whole and of one build, whatever happens on the disk. */
export interface StaticFile {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly etag: string;
  readonly body: Buffer;
  /** The body compressed, made on first use and kept; undefined where that gains nothing. */
  readonly compressed: ((encoding: Encoding) => Promise<Buffer>) | undefined;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const incompressible = new Set(['.ico', '.png', '.woff2']);
/** Below that, headers outweigh what is saved. */
const smallestCompressedBytes = 1_024;

/** Files with a hash of their content in the name: what they are never changes. */
const hashedPath = /^\/assets\//;

async function compress(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return promisify(gzip)(body, { level: 9 });
  // Nine of eleven: nearly as small, and ten times as fast.
  return promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}

/** @param path the URL's path, whose ending says of what type the file is. */
export function createStaticFile(path: string, body: Buffer): StaticFile {
  const extension = extname(path);
  const kept = new Map<Encoding, Promise<Buffer>>();
  const compressed = (encoding: Encoding): Promise<Buffer> => {
    const made = kept.get(encoding) ?? compress(body, encoding);
    kept.set(encoding, made);
    return made;
  };
  return {
    contentType: contentTypes[extension] ?? 'application/octet-stream',
    cacheControl: hashedPath.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    // Weak: the same for every encoding (RFC 9110 §8.8.1).
    etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    body,
    compressed:
      body.length < smallestCompressedBytes || incompressible.has(extension) ? undefined : compressed,
  };
}

/** RFC 9110 §12.5.3, as far as browsers use it: names, some with a weight, of which only zero matters. */
function chooseEncoding(header: string | undefined): Encoding | undefined {
  const accepted = new Set(
    (header ?? '')
      .split(',')
      .filter((part) => !/;\s*q=0(?:\.0*)?\s*$/i.test(part))
      .map((part) => part.split(';', 1)[0]?.trim().toLowerCase()),
  );
  return (['br', 'gzip'] as const).find((encoding) => accepted.has(encoding));
}

/** Answers GET or HEAD with a file, or with 304 to a browser that has it. With 404, it stands for one that is not there. */
export async function answerFile(
  file: StaticFile,
  request: IncomingMessage,
  response: ServerResponse,
  status: 200 | 404 = 200,
): Promise<void> {
  response.setHeader('Cache-Control', file.cacheControl);
  if (status === 200) response.setHeader('ETag', file.etag);
  if (file.compressed !== undefined) response.setHeader('Vary', 'Accept-Encoding');
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim());
  if (status === 200 && known?.includes(file.etag) === true) {
    response.writeHead(304).end();
    return;
  }
  const encoding = chooseEncoding(request.headers['accept-encoding']);
  const compressed = encoding === undefined ? undefined : await file.compressed?.(encoding);
  if (encoding !== undefined && compressed !== undefined) response.setHeader('Content-Encoding', encoding);
  const body = compressed ?? file.body;
  response.writeHead(status, { 'Content-Type': file.contentType, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
