/** Progress of long calls, for clients that asked for it: it keeps them from giving a call up. */
import type { ServerContext } from "@modelcontextprotocol/server";

const BEAT_EVERY_MS = 5_000;

export async function withHeartbeat<T>(
  { _meta, notify }: Pick<ServerContext["mcpReq"], "_meta" | "notify">,
  work: () => Promise<T>,
  beatEveryMs = BEAT_EVERY_MS,
): Promise<T> {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return await work();
  let beats = 0;
  const beat = () => {
    const seconds = ++beats * beatEveryMs / 1_000;
    const params = { progressToken, progress: beats, message: `Waiting, ${seconds} s` };
    notify({ method: "notifications/progress", params }).catch(() => {});
  };
  const timer = setInterval(beat, beatEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
