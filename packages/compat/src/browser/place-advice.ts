/** Where a page lives. */
export interface PagePlace {
  readonly origin: string;
  readonly protocol: string;
  readonly hostname: string;
  /** What the browser says of it (`isSecureContext`). */
  readonly isSecure: boolean;
}

/**
 * Why a page that lives there cannot call by a server at that address, and what to do. One sentence for each
 * combination; docs/migrating.md has the same ones.
 *
 * @returns null where nothing stands in the way.
 */
export function advisePlace(page: PagePlace, server: URL): string | null {
  const isServerLocal = isLoopback(server.hostname);
  if (page.protocol === 'file:') {
    return 'A page opened from a file has no origin that a server could trust: serve it, for example at http://localhost.';
  }
  if (!page.isSecure) {
    return `Browsers give no camera to a page at http://${page.hostname}: serve it by https, or open it as http://localhost on the machine itself.`;
  }
  if (page.protocol === 'https:' && server.protocol === 'http:' && !isServerLocal) {
    return `A page served by https may not reach ${server.origin}: write https://${server.host} and give the server a certificate that browsers trust.`;
  }
  if (isServerLocal && !isLoopback(page.hostname)) {
    return `${server.origin} is the machine of whoever opens the page, which is the server's for nobody but you: write the server's name.`;
  }
  return null;
}

/**
 * Why the signaling of a server at that address does not answer a page, and what to do.
 *
 * @param answers whether the address answers anything else.
 */
export function adviseSilence(page: PagePlace, server: URL, answers: boolean): string {
  if (answers && !isLoopback(page.hostname) && page.hostname !== server.hostname) {
    return `${server.origin} takes no pages of ${page.origin}: start the server with --allow-origin ${page.origin}.`;
  }
  if (answers) {
    return `${server.origin} answers, but not to calls: is it Callbox, and does every proxy before it pass WebSockets on?`;
  }
  return server.protocol === 'https:'
    ? `If the certificate of ${server.origin} is not trusted, the browser refuses it without asking: open ${server.origin} in a tab of its own to see.`
    : `Nothing answers at ${server.origin}: is the server running, and is the port open?`;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  );
}
