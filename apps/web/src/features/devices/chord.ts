const onApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** A key with the modifier of this system, as people know it. */
export const chord = (key: string) => (onApple ? `⌘${key}` : `Ctrl+${key}`);

/** The same as `aria-keyshortcuts` spells it. */
export const ariaChord = (key: string) => (onApple ? `Meta+${key}` : `Control+${key}`);
