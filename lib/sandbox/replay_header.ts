/** Under replay the sandbox's `fetch` asks a server on loopback, and names here the URL the script meant. */
export const REPLAY_URL_HEADER = "keysmith-replay-url";
