import SimpleWebRTC from 'simplewebrtc';

// Where a page's scripts look for it.
Object.assign(globalThis, { SimpleWebRTC });
