/**
 * What Firefox reports as an error when a page gives up a WebSocket that does not open in time, and then opens another. On a machine with
 * more to run than it has cores for that happens while pages load. It is no fault: a page that gets no socket at all is in no call, which
 * fails its test anyway.
 */
export const lateSocket =
  /^(?:Firefox can’t establish a connection to the server at|The connection to) wss?:\S+(?: was interrupted while the page was loading)?\.$/;
