/** A promise that a test settles when it likes. */
export interface Deferred {
  readonly promise: Promise<void>;
  resolve: () => void;
  reject: (error: Error) => void;
}

export function createDeferred(): Deferred {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  return { promise, resolve, reject };
}
