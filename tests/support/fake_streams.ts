/** Streams that keep what is written, and may claim to be terminals. */
import type { OutputStream, Streams } from "../../lib/term/streams.ts";

export interface FakeStreams extends Streams {
  readonly written: { stdout: string; stderr: string };
}

export function fakeStreams(
  { terminal = false, stdin = "" }: { terminal?: boolean; stdin?: string } = {},
): FakeStreams {
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr"): OutputStream => ({
    isTerminal: terminal,
    write: (bytes) => {
      written[name] += new TextDecoder().decode(bytes);
    },
  });
  return {
    written,
    stdin: {
      isTerminal: terminal,
      readAll: () => Promise.resolve(new TextEncoder().encode(stdin)),
      chunks: () => ReadableStream.from([new TextEncoder().encode(stdin)]),
    },
    stdout: output("stdout"),
    stderr: output("stderr"),
  };
}
