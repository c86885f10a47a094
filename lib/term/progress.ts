/** A moving mark on stderr while something takes long; nothing where stderr is not a terminal. */
import type { OutputStream } from "./streams.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 80;
/** Short work shows nothing. */
const DELAY_MS = 300;
const ERASE_LINE = "\r\x1b[K";

const encoder = new TextEncoder();

/**
 * Runs `work`; from 300 ms on `message` is shown until it ends, or what `work` says in its place. Both are
 * redacted and escaped already.
 */
export async function withProgress<T>(
  stream: OutputStream,
  message: string,
  work: (say: (message: string) => void) => Promise<T>,
): Promise<T> {
  if (!stream.isTerminal) return await work(() => {});
  let frame = 0;
  let shown = message;
  const startFrame = Math.ceil(DELAY_MS / FRAME_MS);
  const timer = setInterval(() => {
    if (++frame < startFrame) return;
    stream.write(encoder.encode(`${ERASE_LINE}${FRAMES[frame % FRAMES.length]} ${shown}`));
  }, FRAME_MS);
  try {
    return await work((text) => void (shown = text));
  } finally {
    clearInterval(timer);
    if (frame >= startFrame) stream.write(encoder.encode(ERASE_LINE));
  }
}
