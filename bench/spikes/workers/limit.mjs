// A limit of 100 held across two workers by messages: how many does a burst of 300 Allocates get?
import { pause, startLoad, startServer } from './harness.mjs';

for (const [kind, limitBy] of [
  ['threads', 'messages'],
  ['processes', 'messages'],
  ['processes', 'cells'],
]) {
  const admitted = [];
  for (let round = 0; round < 5; round += 1) {
    const server = await startServer({ kind, limit: 100, limitBy });
    const load = await startLoad({ clients: 300, seconds: 0.1, perSecond: 1 });
    const { ledger } = await server.ask('stats');
    admitted.push(ledger);
    await load.result;
    await server.end();
    await pause(200);
  }
  console.log(`${kind}, ${limitBy}: admitted ${admitted.join(' ')} of 300 asked at once, limit 100`);
}
