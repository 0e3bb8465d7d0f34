/** Another program on the server's core, which takes half of it. */
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });

function work(): void {
  const end = performance.now() + 20;
  while (performance.now() < end);
  setImmediate(work);
}
work();
