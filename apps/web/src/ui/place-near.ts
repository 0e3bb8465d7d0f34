const margin = 8;

/** Puts a popover beside an element as soon as it is shown, and whenever it or the window has another size, until it is closed. */
export function stayNear(popover: HTMLElement, anchor: Element): void {
  const observer = new ResizeObserver(() => {
    if (popover.isConnected) placeNear(popover, anchor);
    else observer.disconnect();
  });
  observer.observe(popover);
  observer.observe(document.documentElement);
  popover.addEventListener('beforetoggle', () => observer.disconnect(), { once: true });
}

/**
 * Puts a popover beside the element it belongs to: above it where there is more room above, and inside the window. On a
 * narrow screen the style sheet makes it a sheet from below, and these values are not used.
 */
export function placeNear(popover: HTMLElement, anchor: Element): void {
  const near = anchor.getBoundingClientRect();
  const below = window.innerHeight - near.bottom;
  const above = near.top > below;
  // What is higher than that scrolls: the element stays in sight, and with it what is beside it.
  popover.style.setProperty('--place-room', `${Math.floor(Math.max(near.top, below) - 2 * margin)}px`);
  const { offsetWidth: width, offsetHeight: height } = popover;
  const top = above ? near.top - margin - height : near.bottom + margin;
  const centred = near.left + near.width / 2 - width / 2;
  const left = Math.min(Math.max(centred, margin), window.innerWidth - width - margin);
  popover.style.setProperty('--place-left', `${Math.round(left)}px`);
  popover.style.setProperty('--place-top', `${Math.round(Math.max(top, margin))}px`);
}
