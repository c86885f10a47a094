/**
 * DevTools messages over a WebSocket, where the runtime cannot hand a program further pipes. The browser
 * chooses the port and a random path, and writes both into its profile folder, which only the user can read.
 */
import type { DevtoolsTransport } from "./devtools.ts";

/** @throws {Error} when there is nothing to connect to. */
export async function socketTransport(url: string): Promise<DevtoolsTransport> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error(`cannot connect to ${url}`)), {
      once: true,
    });
  });
  return {
    send: (text) => socket.send(text),
    close: () => socket.close(),
    listen(onText, onEnd) {
      socket.addEventListener("message", ({ data }) => onText(String(data)));
      socket.addEventListener("close", () => onEnd(), { once: true });
    },
  };
}

/** The address in `DevToolsActivePort`: the port on the first line, the path on the second. */
export function socketAddress(activePort: string): string | null {
  const [port, path] = activePort.split("\n");
  return /^\d+$/.test(port ?? "") && path?.startsWith("/devtools/browser/")
    ? `ws://127.0.0.1:${port}${path}`
    : null;
}
