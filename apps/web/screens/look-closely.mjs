// What a person would see at a glance, and a tree of names does not show: words that are cut, controls that lie over one
// another, a way of the keyboard through what is hidden, motion for who wants none.

/** The most stops that a screen has; past them, Tab goes round in a circle. */
const mostStops = 90;

/** Serves the functions below inside the page. Evaluated there: it may use nothing from around it. */
function installLooks() {
  const isSkipped = (element) =>
    !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ||
    element.closest('[inert], [aria-hidden="true"]') !== null;

  /** Drawn for screen readers alone. */
  const isUnseen = (element) => {
    for (let at = element; at !== null; at = at.parentElement)
      if (getComputedStyle(at).clipPath.startsWith('inset(50%')) return true;
    return false;
  };

  const nameOf = (element) => {
    const words = element.getAttribute('aria-label') ?? element.textContent ?? '';
    return `${element.tagName.toLowerCase()}.${element.classList[0] ?? ''} “${words.replace(/\s+/g, ' ').trim().slice(0, 40)}”`;
  };

  /** The part of a rectangle that its scrolling and clipping ancestors and the window leave. */
  function seenPart(element, rect) {
    let { left, top, right, bottom } = rect;
    const cut = (box) => {
      left = Math.max(left, box.left);
      top = Math.max(top, box.top);
      right = Math.min(right, box.right);
      bottom = Math.min(bottom, box.bottom);
    };
    let at = element;
    for (; at.parentElement !== null; at = at.parentElement) {
      const { overflow, position } = getComputedStyle(at);
      if (at !== element && overflow !== 'visible') cut(at.getBoundingClientRect());
      if (position === 'fixed') break;
    }
    cut({ left: 0, top: 0, right: innerWidth, bottom: innerHeight });
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  }

  /** The dialog or popover that is before everything else, or the whole page. */
  const front = () =>
    [...document.querySelectorAll('dialog:modal, :popover-open:not(.tooltip)')].at(-1) ?? document.body;

  /** What lies over the middle of an element; null where nothing does. */
  function coverOf(element, rect) {
    const hit = document.elementFromPoint((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2);
    if (hit === null) return 'nothing';
    const isItself =
      element.contains(hit) || hit.contains(element) || hit.closest('label')?.control === element;
    return isItself ? null : nameOf(hit);
  }

  const controls = () =>
    [...front().querySelectorAll('button, a[href], input, select, textarea, summary')].filter(
      (element) => !isSkipped(element) && !isUnseen(element),
    );

  /** Texts that somebody cannot read to their end: cut by a box that does not scroll, or sticking out of their button. */
  function findCutWords() {
    const found = [];
    const walker = document.createTreeWalker(front(), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const owner = node.parentElement;
      if (node.data.trim() === '' || owner === null || isSkipped(owner) || isUnseen(owner)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const rect = range.getBoundingClientRect();
      if (rect.width === 0) continue;
      // Along which axis it can be scrolled to, or ends in dots.
      const settled = { x: false, y: false };
      for (let at = owner; at !== null; at = at.parentElement) {
        const style = getComputedStyle(at);
        const box = at.getBoundingClientRect();
        const over = {
          x: rect.right - box.right > 1 || box.left - rect.left > 1,
          y: rect.bottom - box.bottom > 2 || box.top - rect.top > 2,
        };
        for (const axis of ['x', 'y']) {
          const overflow = style[`overflow${axis.toUpperCase()}`];
          const isShortened = axis === 'x' && style.textOverflow === 'ellipsis' && overflow !== 'visible';
          if (overflow === 'auto' || overflow === 'scroll' || isShortened) settled[axis] = true;
          else if (
            over[axis] &&
            !settled[axis] &&
            (overflow !== 'visible' || at.matches('button, a, summary'))
          )
            found.push(`“${node.data.trim().slice(0, 50)}” is cut by ${nameOf(at)}`);
        }
        if (style.position === 'fixed') break;
      }
    }
    return [...new Set(found)];
  }

  /** Controls that share a place, or that something else covers. */
  function findCovered() {
    const found = [];
    const places = controls().flatMap((element) => {
      const rect = seenPart(element, element.getBoundingClientRect());
      return rect.width > 1 && rect.height > 1 ? [{ element, rect }] : [];
    });
    for (const [index, { element, rect }] of places.entries()) {
      const cover = coverOf(element, rect);
      if (cover !== null) found.push(`${nameOf(element)} lies under ${cover}`);
      for (const other of places.slice(index + 1)) {
        if (element.contains(other.element)) continue;
        const across = Math.min(rect.right, other.rect.right) - Math.max(rect.left, other.rect.left);
        const down = Math.min(rect.bottom, other.rect.bottom) - Math.max(rect.top, other.rect.top);
        if (across > 1 && down > 1)
          found.push(`${nameOf(element)} and ${nameOf(other.element)} share a place`);
      }
    }
    return found;
  }

  /** What moves for longer than nobody could see, and would move although it must not. */
  function findMotion() {
    const found = document.getAnimations().flatMap((animation) => {
      const { duration, iterations } = animation.effect?.getComputedTiming() ?? {};
      const still = Number(duration) <= 1 && iterations !== Infinity;
      return still
        ? []
        : [`${nameOf(animation.effect?.target ?? document.body)} moves for ${String(duration)} ms`];
    });
    const slow = (text) => text.split(', ').some((each) => Number.parseFloat(each) > 0.001);
    for (const element of document.body.querySelectorAll('*')) {
      const { transitionDuration, animationDuration } = getComputedStyle(element);
      if (slow(transitionDuration) || slow(animationDuration))
        found.push(`${nameOf(element)} would move for ${transitionDuration}, ${animationDuration}`);
    }
    return [...new Set(found)];
  }

  /** Where the keyboard is, and what is wrong with it being there. */
  function lookAtFocus() {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    const wrong = [];
    const name = nameOf(element);
    const rect = seenPart(element, element.getBoundingClientRect());
    if (isSkipped(element) || rect.width < 1 || rect.height < 1)
      wrong.push(`${name} has the focus, and is not seen`);
    else {
      const cover = coverOf(element, rect);
      if (cover !== null) wrong.push(`${name} has the focus under ${cover}`);
    }
    // A field may show it by the frame that it shares with its button.
    const ringed = [element, element.parentElement].some((each) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(each ?? element);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    });
    if (!ringed) wrong.push(`${name} has the focus, and nothing shows it`);
    if (element.tabIndex > 0) wrong.push(`${name} jumps the order of Tab`);
    const inFront = front();
    if (!inFront.contains(element)) wrong.push(`${name} is behind ${nameOf(inFront)} and has the focus`);
    globalThis.stops ??= new Map();
    if (!globalThis.stops.has(element)) globalThis.stops.set(element, globalThis.stops.size);
    return { name, stop: globalThis.stops.get(element), wrong };
  }

  /** Fields and buttons without a visible edge, where the system paints all grounds alike. */
  function findEdgeless() {
    return controls()
      .filter((element) =>
        element.matches(
          'input:not([type="checkbox"]), textarea, select, .button--primary, .button--secondary',
        ),
      )
      .filter((element) => {
        const framed = [element, element.parentElement].some((each) => {
          const { borderTopStyle, borderTopWidth } = getComputedStyle(each ?? element);
          return borderTopStyle !== 'none' && Number.parseFloat(borderTopWidth) >= 1;
        });
        return !framed;
      })
      .map((element) => `${nameOf(element)} has no edge in forced colours`);
  }

  globalThis.looks = { findCutWords, findCovered, findMotion, findEdgeless, lookAtFocus };
}

async function ask(page, question) {
  // Evaluated by the debugger, which the policy of the page does not bind.
  if (!(await page.evaluate(() => 'looks' in globalThis))) await page.evaluate(installLooks);
  return page.evaluate((name) => globalThis.looks[name](), question);
}

/** Adds to `problems` what is cut or covered on the page as it is. */
export async function checkRoom(page, label, problems) {
  const look = async () => [...(await ask(page, 'findCutWords')), ...(await ask(page, 'findCovered'))];
  let found = await look();
  if (found.length > 0) {
    // A window that has just become narrow is drawn anew, and what stands in it moves to its place.
    await page.waitForTimeout(600);
    found = await look();
  }
  for (const problem of found) problems.push(`${label}: ${problem}`);
}

/** Adds to `problems` what Tab meets on its way through the page that is hidden, covered or not shown to be met. */
export async function checkTabOrder(page, label, problems) {
  await page.evaluate(installLooks);
  const met = new Set();
  let last = -1;
  for (let press = 0; press < mostStops; press += 1) {
    await page.keyboard.press('Tab');
    let at = await page.evaluate(() => globalThis.looks.lookAtFocus());
    if (at?.wrong.length > 0) {
      // What shows itself with the focus may take a frame to do so.
      await page.waitForTimeout(300);
      at = await page.evaluate(() => globalThis.looks.lookAtFocus());
    }
    // Whoever was at the end of the page is out of it, and comes in again.
    if (at === null && press === 0) continue;
    // Out of the page, and round.
    if (at === null || (met.has(at.stop) && at.stop !== last)) break;
    if (at.stop === last) break;
    met.add(at.stop);
    last = at.stop;
    for (const problem of at.wrong) problems.push(`${label}: ${problem}`);
  }
  if (met.size === 0) problems.push(`${label}: Tab leads nowhere`);
}

async function addAll(page, question, label, problems) {
  for (const problem of await ask(page, question)) problems.push(`${label}: ${problem}`);
}

/** Adds to `problems` what moves, on a page where no motion is wanted. */
export const checkMotion = (page, label, problems) => addAll(page, 'findMotion', label, problems);

/** Adds to `problems` what has no edge, on a page with forced colours. */
export const checkEdges = (page, label, problems) => addAll(page, 'findEdgeless', label, problems);
