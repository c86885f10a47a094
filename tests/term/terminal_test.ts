import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { Redactor } from "../../lib/base/redact.ts";
import { ConsoleTerminal } from "../../lib/term/terminal.ts";
import { type FakeStreams, fakeStreams } from "../support/fake_streams.ts";

function terminalOn(
  streams: FakeStreams,
  { noInput = false, env = {} }: { noInput?: boolean; env?: Record<string, string> } = {},
): { terminal: ConsoleTerminal; redactor: Redactor } {
  const redactor = new Redactor();
  const signal = new AbortController().signal;
  const environment = { get: (name: string) => env[name] };
  const terminal = new ConsoleTerminal({ streams, env: environment, redactor, signal, noInput });
  return { terminal, redactor };
}

Deno.test("ConsoleTerminal.err() masks secrets and escapes what could steer a terminal", () => {
  const streams = fakeStreams({ terminal: true });
  const { terminal, redactor } = terminalOn(streams);
  redactor.add("hunter22");
  terminal.err("sent hunter22 \x1b[31mred\u202e\nsecond line");
  assert.equal(streams.written.stderr, "sent ‹secret› \\x1b[31mred\\u{202e}\nsecond line\n");
  assert.equal(streams.written.stdout, "");
});

Deno.test("ConsoleTerminal.out() masks secrets, and escapes for a terminal but not for a pipe", () => {
  for (
    const [terminalOut, wants] of [[true, "\\x1b ‹secret›\n"], [false, "\x1b ‹secret›\n"]] as const
  ) {
    const streams = fakeStreams({ terminal: terminalOut });
    const { terminal, redactor } = terminalOn(streams);
    redactor.add("hunter22");
    terminal.out("\x1b hunter22");
    assert.equal(streams.written.stdout, wants);
  }
});

const UNATTENDED: readonly {
  name: string;
  terminal: boolean;
  noInput?: boolean;
  env?: Record<string, string>;
}[] = [
  { name: "no terminal", terminal: false },
  { name: "--no-input", terminal: true, noInput: true },
  { name: "CI", terminal: true, env: { CI: "1" } },
];

for (const { name, terminal: isTerminal, ...options } of UNATTENDED) {
  Deno.test(`ConsoleTerminal asks nothing with ${name}`, async () => {
    const { terminal } = terminalOn(fakeStreams({ terminal: isTerminal }), options);
    assert.equal(terminal.interactive, false);
    const refused = (error: unknown) => error instanceof AppError && error.code === "NO_INPUT";
    await assert.rejects(terminal.promptText("Username"), refused);
    await assert.rejects(terminal.promptSecret("Password"), refused);
    await assert.rejects(terminal.confirm("Go on?"), refused);
  });
}

Deno.test("ConsoleTerminal.err() frames each row of a long line of a script on a terminal", () => {
  for (const [isTerminal, rows] of [[true, 2], [false, 1]] as const) {
    const streams = fakeStreams({ terminal: isTerminal });
    terminalOn(streams).terminal.err(`[shop] ${".".repeat(100)}`);
    assert.equal(streams.written.stderr.match(/^\[shop\] /gm)?.length, rows);
  }
});
