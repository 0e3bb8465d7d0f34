/** The mark: a call box whose panes are the people in a call. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <path class="mark__box" d="M5 13C5 6.9 9.9 2 16 2s11 4.9 11 11v14a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3Z" />
      <path class="mark__pane" d="M14.75 6.1v8.15H8.75V13a7.25 7.25 0 0 1 6-6.9Z" />
      <path class="mark__pane mark__pane--lit" d="M17.25 6.1v8.15h6V13a7.25 7.25 0 0 0-6-6.9Z" />
      <path class="mark__pane" d="M8.75 16.75h6v8.75h-5a1 1 0 0 1-1-1Z" />
      <path class="mark__pane" d="M17.25 16.75h6v7.75a1 1 0 0 1-1 1h-5Z" />
    </svg>
  );
}
