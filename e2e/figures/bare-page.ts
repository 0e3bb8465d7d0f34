import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type CDPSession } from 'puppeteer-core';
import { chromiumArguments, findChromium } from '../browser/chromium.ts';
import { DEFAULT_VIEWPORT } from '../browser/guest.ts';

/**
 * A page of Chromium, spoken to by its debugger's protocol and by nothing else. What drives pages otherwise has the browser keep an
 * entry for each of their requests for as long as they live (288 octets, `NetworkResourcesData`), which a page whose memory
 * is measured must not have.
 */
export interface BarePage {
  readonly session: CDPSession;
  /** Runs a function in the page, as after a press, and waits for what it promises. */
  evaluate<TArgument, TResult>(
    inPage: (argument: TArgument) => TResult | Promise<TResult>,
    argument: TArgument,
  ): Promise<TResult>;
  /** Types into what has the focus. */
  type(text: string): Promise<void>;
}

export interface BareChromium {
  /** Opens a page that may use camera and microphone. */
  open(url: string): Promise<BarePage>;
  close(): Promise<void>;
}

/** A call of the longest look, in milliseconds: many joins one after the other. */
const protocolTimeoutMs = 1_800_000;

export async function launchBareChromium(): Promise<BareChromium> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('there is no Chromium on this machine');
  const home = await mkdtemp(join(tmpdir(), 'callbox-bare-'));
  const { width, height } = DEFAULT_VIEWPORT;
  const browser = await puppeteer.launch({
    executablePath,
    userDataDir: home,
    defaultViewport: null,
    protocolTimeout: protocolTimeoutMs,
    args: ['--no-sandbox', '--lang=en-US', `--window-size=${width},${height}`, ...chromiumArguments({})],
  });
  return {
    async open(url) {
      const opened = await browser.createBrowserContext();
      await opened.overridePermissions(new URL(url).origin, ['camera', 'microphone']);
      const control = await browser.target().createCDPSession();
      const { targetId } = await control.send('Target.createTarget', {
        url,
        ...(opened.id !== undefined && { browserContextId: opened.id }),
      });
      const { sessionId } = await control.send('Target.attachToTarget', { targetId, flatten: true });
      const session = control.connection()?.session(sessionId);
      if (session === undefined || session === null) throw new Error('the page cannot be spoken to');
      await session.send('Runtime.enable');
      return {
        session,
        type: (text) => session.send('Input.insertText', { text }),
        async evaluate(inPage, argument) {
          const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
            expression: `(${inPage.toString()})(${JSON.stringify(argument)})`,
            awaitPromise: true,
            returnByValue: true,
            userGesture: true,
          });
          if (exceptionDetails !== undefined)
            throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
          return result.value as never;
        },
      };
    },
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
