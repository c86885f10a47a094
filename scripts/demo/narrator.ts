/** What the demo says, and the command line it runs while saying it. */
import { fileURLToPath } from "node:url";
import picocolors from "picocolors";
import { alignedTable } from "../../lib/term/table.ts";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));
const WIDTH = 96;

const color = picocolors.createColors(
  Deno.stdout.isTerminal() && !Deno.env.get("NO_COLOR") && !Deno.env.get("CI"),
);

/** What starts the real command line, and the environment it runs in. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** The home lies in `folder`, which is also where commands are run. */
export function commandLine(folder: string, home: string): CommandLine {
  return {
    cwd: folder,
    program: Deno.execPath(),
    args: ["run", "--quiet", "-A", "--no-prompt", MAIN],
    env: { KEYSMITH_HOME: home, NO_COLOR: "1" },
  };
}

export class Narrator {
  readonly #command: CommandLine;
  #chapter = 0;

  constructor(command: CommandLine) {
    this.#command = command;
  }

  chapter(title: string): void {
    console.log(`\n${color.bold(color.cyan(`${++this.#chapter}. ${title}`))}`);
  }

  /** A paragraph, wrapped. */
  say(text: string): void {
    let line = "";
    for (const word of text.split(/\s+/)) {
      if (line.length + word.length >= WIDTH) {
        console.log(line);
        line = "";
      }
      line += `${line === "" ? "" : " "}${word}`;
    }
    console.log(line);
  }

  /** Output of something that ran, set off by a bar. */
  show(text: string): void {
    for (const line of text.trimEnd().split("\n")) console.log(`${color.dim("  │")} ${line}`);
  }

  /** Tab-separated output as columns, the first one (the app's name) left out. */
  showTable(text: string): void {
    const rows = text.trimEnd().split("\n").map((line) => line.split("\t").slice(1, 3));
    this.show(alignedTable(["TOOL", "REQUEST"], rows).join("\n"));
  }

  /**
   * Runs the command line as a child process, shows the command and (unless `shown` is false) what it
   * prints, answers stdout.
   * @throws {Error} when it fails.
   */
  async run(
    args: readonly string[],
    { stdin = "", shown = true }: { stdin?: string; shown?: boolean } = {},
  ): Promise<string> {
    console.log(`  ${color.green("$")} ${color.bold(`keysmith ${args.join(" ")}`)}`);
    const { code, stdout, all } = await runChild(this.#command, args, stdin);
    if (shown || code !== 0) this.show(all);
    if (code !== 0) throw new Error(`"keysmith ${args.join(" ")}" ended with exit code ${code}`);
    return stdout;
  }
}

/** `all`: stdout and stderr in the order in which they came. */
async function runChild(
  { program, args: leading, env, cwd }: CommandLine,
  args: readonly string[],
  stdin: string,
): Promise<{ code: number; stdout: string; all: string }> {
  const child = new Deno.Command(program, {
    args: [...leading, ...args],
    env,
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const printed = { stdout: "", all: "" };
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>, isStdout: boolean) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      printed.all += text;
      if (isStdout) printed.stdout += text;
    }
  };
  const [{ code }] = await Promise.all([
    child.status,
    read(child.stdout, true),
    read(child.stderr, false),
    new Blob([stdin]).stream().pipeTo(child.stdin),
  ]);
  return { code, ...printed };
}
