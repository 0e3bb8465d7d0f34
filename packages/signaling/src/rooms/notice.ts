import type { NoticeName, NoticeOf } from '@callbox/contract';

/** One notice of the contract, with its name. */
export type Notice = {
  [TName in NoticeName]: { readonly name: TName; readonly body: NoticeOf<TName> };
}[NoticeName];
