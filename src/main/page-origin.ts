/** Where the page comes from, and whether a message comes from the page. Free of Electron. */

export const origin = 'app://lorikeet';

/** What Electron says of the sender of a message; `senderFrame` is null for a frame that is gone. */
type Message = { sender: object; senderFrame: { url: string; parent: object | null } | null };

/**
 * Whether a message comes from the page of the studio's window: not from another window, a frame in the page, or what took its
 * place. `page` are the contents of the window, null while there is none.
 */
export function isFromPage({ sender, senderFrame }: Message, page: object | null): boolean {
  if (sender !== page || senderFrame === null || senderFrame.parent !== null) return false;
  return senderFrame.url === origin || senderFrame.url.startsWith(`${origin}/`);
}
