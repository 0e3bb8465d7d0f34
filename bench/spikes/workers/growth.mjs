// Memory and descriptors of main over many kills, no load: `node growth.mjs KIND`.
import { startServer } from './harness.mjs';

const [kind, kills = '200'] = process.argv.slice(2);
const server = await startServer({ kind });
for (let i = 0; i <= Number(kills); i += 1) {
  if (i % 50 === 0) {
    const { memory, fds } = await server.ask('stats');
    console.log(
      `${kind} after ${i} kills: main rss ${memory[0].rssKb} private ${memory[0].ownKb} kB, all processes pss ${memory.reduce((s, m) => s + m.pssKb, 0)} kB, main fds ${fds}`,
    );
  }
  await server.ask('fail', { slot: i % 2, how: 'kill' });
}
await server.end();
