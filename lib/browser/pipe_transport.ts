/**
 * DevTools messages over two pipes that only this process and the browser hold: file descriptor 3 to the
 * browser, 4 from it, each message ended by a zero byte (`--remote-debugging-pipe`).
 */
import { Buffer } from "node:buffer";
import type { Readable, Writable } from "node:stream";
import type { DevtoolsTransport } from "./devtools.ts";

export function pipeTransport(toBrowser: Writable, fromBrowser: Readable): DevtoolsTransport {
  return {
    send: (text) => void toBrowser.write(`${text}\0`),
    close: () => {
      toBrowser.destroy();
      fromBrowser.destroy();
    },
    listen(onText, onEnd) {
      let parts: Uint8Array[] = [];
      fromBrowser.on("data", (chunk: Uint8Array) => {
        let start = 0;
        for (let end; (end = chunk.indexOf(0, start)) >= 0; start = end + 1) {
          parts.push(chunk.subarray(start, end));
          onText(Buffer.concat(parts).toString("utf8"));
          parts = [];
        }
        if (start < chunk.length) parts.push(chunk.subarray(start));
      });
      fromBrowser.on("close", onEnd);
      // A browser that is closing breaks the pipe; that it is gone is told by `close`.
      fromBrowser.on("error", () => {});
      toBrowser.on("error", () => {});
    },
  };
}
