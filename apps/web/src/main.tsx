import { createCallboxClient, createLocalMedia } from '@callbox/client';
import { startApp } from './start-app.tsx';

const root = document.querySelector('#app');
if (root === null) throw new Error('the page has no place for the app');

const signalingUrl = document.querySelector<HTMLMetaElement>('meta[name="callbox-signaling-url"]')?.content;

void startApp(root, {
  client: createCallboxClient(signalingUrl === undefined ? {} : { signalingUrl }),
  localMedia: createLocalMedia(),
});
