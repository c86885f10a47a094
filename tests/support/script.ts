/**
 * Command-line behaviour as script files. A script is commands, each with what it must do, and files:
 *
 *     # A comment.
 *     > keysmith capture import shop $WORK/shop.har
 *     exit 0                      the exit code; 0 where it is not said
 *     out imported 12             a line of stdout holds this text
 *     out ~ imported \d+          a line of stdout matches this regular expression
 *     out none                    stdout is empty
 *     err …                       the same for stderr
 *     json captures[0].traces 12  stdout is one JSON document with this value at this path
 *     json captures[1] missing    nothing is at this path
 *     < yes                       a line of stdin
 *     env NAME=value              an environment variable
 *
 *     -- shop.har --
 *     {"log": …}
 *
 * `$WORK` is the folder that holds the script's files, `$HOME_DIR` the Keysmith home, `$FIXTURES` the
 * recordings of the project. Words may be quoted with `"`. Everything in one script shares one home.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { CliOptions, CliRun } from "./keysmith.ts";

export type Runner = (args: readonly string[], options: CliOptions) => Promise<CliRun>;

interface ScriptCommand {
  readonly line: number;
  readonly words: readonly string[];
  readonly stdin: string;
  readonly env: Record<string, string>;
  readonly exitCode: number;
  readonly checks: readonly Check[];
}

interface Check {
  readonly line: number;
  readonly kind: "out" | "err" | "json";
  readonly rest: string;
}

export interface Script {
  readonly commands: readonly ScriptCommand[];
  readonly files: ReadonlyMap<string, string>;
}

/** @throws {Error} naming the line of what is not part of the format. */
export function parseScript(text: string): Script {
  const [head = "", ...blocks] = text.split(/^-- (.+) --\n/m);
  const files = new Map<string, string>();
  for (let at = 0; at < blocks.length; at += 2) files.set(blocks[at]!, blocks[at + 1] ?? "");
  const commands: ScriptCommand[] = [];
  for (const [index, line] of head.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    if (line.startsWith("> keysmith")) commands.push(newCommand(line.slice(10), index + 1));
    else readDirective(line, index + 1, commands);
  }
  return { commands, files };
}

function newCommand(words: string, line: number): ScriptCommand {
  return { line, words: splitWords(words), stdin: "", env: {}, exitCode: 0, checks: [] };
}

function readDirective(text: string, line: number, commands: ScriptCommand[]): void {
  const command = commands.pop();
  if (command === undefined) throw new Error(`Line ${line}: no command yet`);
  const [, word = "", rest = ""] = /^(\S+) ?(.*)$/.exec(text) ?? [];
  commands.push(withDirective(command, word, rest, line));
}

function withDirective(
  command: ScriptCommand,
  word: string,
  rest: string,
  line: number,
): ScriptCommand {
  switch (word) {
    case "exit":
      return { ...command, exitCode: Number(rest) };
    case "<":
      return { ...command, stdin: `${command.stdin}${rest}\n` };
    case "env": {
      const [name = "", ...value] = rest.split("=");
      return { ...command, env: { ...command.env, [name]: value.join("=") } };
    }
    case "out":
    case "err":
    case "json":
      return { ...command, checks: [...command.checks, { line, kind: word, rest }] };
    default:
      throw new Error(`Line ${line}: unknown word "${word}"`);
  }
}

function splitWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

/** Runs a script with its files in `work`. */
export async function runScript(script: Script, work: string, run: Runner): Promise<void> {
  const home = `${work}/home`;
  const variables: Record<string, string> = {
    WORK: work,
    HOME_DIR: home,
    FIXTURES: fileURLToPath(new URL("../../fixtures/recordings", import.meta.url)),
  };
  const expand = (text: string) =>
    text.replace(/\$([A-Z_]+)/g, (whole, name) => variables[name] ?? whole);
  for (const [name, content] of script.files) await Deno.writeTextFile(`${work}/${name}`, content);
  for (const command of script.commands) {
    const { stdin, env } = command;
    const result = await run(command.words.map(expand), { home, stdin, env, cwd: work });
    const report = `line ${command.line}\nstdout: ${result.stdout}\nstderr: ${result.stderr}`;
    assert.equal(result.code, command.exitCode, `exit code at ${report}`);
    for (const check of command.checks) {
      const met = meets(result, { ...check, rest: expand(check.rest) });
      assert.ok(met, `line ${check.line}: ${check.kind} ${check.rest}\nof ${report}`);
    }
  }
}

function meets(result: CliRun, { kind, rest }: Check): boolean {
  if (kind === "json") return meetsJson(result.stdout, rest);
  const text = kind === "out" ? result.stdout : result.stderr;
  if (rest === "none") return text === "";
  if (rest.startsWith("~ ")) return new RegExp(rest.slice(2), "m").test(text);
  return text.split("\n").some((line) => line.includes(rest));
}

function meetsJson(stdout: string, rest: string): boolean {
  const [, path = "", wanted = ""] = /^(\S+) (.*)$/.exec(rest) ?? [];
  let value: unknown = JSON.parse(stdout);
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  if (wanted === "missing") return value === undefined;
  return JSON.stringify(value) === JSON.stringify(JSON.parse(wanted));
}
