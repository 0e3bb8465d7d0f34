import { createCallboxClient, createLocalMedia } from '@callbox/client';
import { startApp } from './start-app.tsx';

const root = document.querySelector('#app');
if (root === null) throw new Error('the page has no place for the app');

/** What only the server knows, told in the head of the page. */
function readMeta(name: string): string | undefined {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
}

void startApp(root, {
  client: createCallboxClient({ signalingUrl: readMeta('callbox-signaling-url') ?? document.baseURI }),
  localMedia: createLocalMedia(),
  inviteOrigin: readMeta('callbox-invite-origin'),
  authorityPath: readMeta('callbox-authority'),
});
