/** Gives an empty window the style sheets of the page; resolves once they are there. */
export async function dressWindow(page: Window): Promise<void> {
  const copies = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].map(({ href }) => {
    const copy = page.document.createElement('link');
    copy.rel = 'stylesheet';
    copy.href = href;
    return copy;
  });
  const arrived = copies.map(
    (copy) =>
      new Promise<void>((resolve) => {
        // Without one of them it is plainer, and still a window.
        for (const event of ['load', 'error']) copy.addEventListener(event, () => resolve());
      }),
  );
  // What a development server writes into the page itself.
  const written = [...document.querySelectorAll('style')].map((style) =>
    page.document.importNode(style, true),
  );
  page.document.head.append(...copies, ...written);
  await Promise.all(arrived);
}
