/** One run of the command line: words in, exit code out. Everything that can fail ends here. */
import type { Context } from "../base/context.ts";
import { hasProgramList, hasToolElsewhere, keepPrograms } from "../base/permitted_programs.ts";
import { Redactor } from "../base/redact.ts";
import { processStreams, type Streams } from "../term/streams.ts";
import { buildContext, type Confinement, type Surroundings } from "./context.ts";
import { reportError } from "./error_report.ts";
import { interruptible } from "./interrupt.ts";
import { jsonForTerminal } from "./json_text.ts";
import { keepLoopbackFromProxies } from "./loopback.ts";
import { isRootHelp, rootHelp } from "./root_help.ts";
import { versionText } from "./version.ts";

const encoder = new TextEncoder();

/** Runs `args` with the streams, environment and signals of this process. */
export async function runCli(args: readonly string[]): Promise<number> {
  const streams = processStreams();
  keepLoopbackFromProxies(Deno.env);
  try {
    return await interruptible((signal) =>
      runWithin(args, { streams, env: Deno.env, signal, watch: startWatch, confine })
    );
  } catch (abandoned) {
    return fail(
      abandoned,
      args,
      { streams, env: Deno.env, signal: AbortSignal.abort() },
      new Redactor(),
    );
  }
}

async function startWatch(stillSec: number): Promise<void> {
  const { watchOver } = await import("./watch.ts");
  watchOver(stillSec);
}

function confine({ net, programs }: Confinement): void {
  if (net) Deno.permissions.revokeSync({ name: "net" });
  if (programs === "none") Deno.permissions.revokeSync({ name: "run" });
  else keepPrograms(programs);
}

/** Runs `args` with what the caller lends; never throws. */
export async function runWithin(args: readonly string[], around: Surroundings): Promise<number> {
  const redactor = new Redactor();
  try {
    return await runInvocation(args, around, redactor);
  } catch (thrown) {
    return fail(thrown, args, around, redactor);
  }
}

async function runInvocation(
  args: readonly string[],
  around: Surroundings,
  redactor: Redactor,
): Promise<number> {
  const { stdin, stdout, stderr } = around.streams;
  if (args.length === 1 && args[0] === "--version") {
    stdout.write(encoder.encode(`${versionText()}\n`));
    return 0;
  }
  if (isRootHelp(args)) {
    stdout.write(encoder.encode(rootHelp()));
    return 0;
  }
  const { understand } = await import("./program.ts");
  const understood = await understand(args, {
    out: (text) => stdout.write(encoder.encode(text)),
    err: (text) => stderr.write(encoder.encode(text)),
  });
  if (understood.kind === "shown") return understood.exitCode;
  const { command, flags } = understood;
  let watching: Promise<void> | undefined;
  const watch = async () => {
    if (command.stillSec !== undefined) await (watching ??= around.watch?.(command.stillSec));
  };
  if (command.watchesItself !== true) await watch();
  if (command.filesOnly) {
    // The thread that watches shares the permissions, and ends the process by one of them.
    around.confine?.({ net: true, programs: command.stillSec === undefined ? "none" : "own" });
  }
  const { Output } = await import("./output.ts");
  const ctx = buildContext(around, redactor, {
    home: flags.text("home"),
    config: flags.text("config"),
    noInput: !flags.on("input"),
    allowHttp: flags.on("allowHttp"),
    watch,
  });
  if (around.confine !== undefined && !command.filesOnly && !command.opensBrowser) {
    await giveUpPrograms(ctx, around.confine);
  }
  const session = {
    ctx,
    output: await Output.create(ctx, around.streams, flags.on("json")),
    stdin: {
      isTerminal: stdin.isTerminal,
      text: async () => new TextDecoder().decode(await stdin.readAll()),
      chunks: () => stdin.chunks(),
    },
  };
  try {
    const { inEnvironments } = await import("./environment_flags.ts");
    const named = await inEnvironments(ctx, command, understood);
    const input = named === null ? understood.input : command.parse(named.operands, named.flags);
    return (await command.run(session, input)) ?? 0;
  } catch (thrown) {
    const { toldAsService } = await import("../ops/service_instead.ts");
    throw await toldAsService(ctx, thrown);
  }
}

async function giveUpPrograms(
  ctx: Context,
  confine: (given: Confinement) => void,
): Promise<void> {
  if (!hasProgramList()) return;
  const { namesPrograms } = await import("../ops/named_programs.ts");
  if (!hasToolElsewhere() && !await namesPrograms(ctx)) confine({ programs: "listed" });
}

function fail(
  thrown: unknown,
  args: readonly string[],
  { streams, env, signal }: Surroundings,
  redactor: Redactor,
): number {
  const report = reportError(thrown, {
    redactor,
    interrupted: signal.aborted,
    debug: Boolean(env.get("KEYSMITH_DEBUG")),
  });
  streams.stderr.write(encoder.encode(`${report.text}\n`));
  if (args.includes("--json")) writeDocument(streams, report.document);
  return report.exitCode;
}

function writeDocument(streams: Streams, document: unknown): void {
  const indent = streams.stdout.isTerminal ? 2 : 0;
  streams.stdout.write(encoder.encode(`${jsonForTerminal(document, indent)}\n`));
}
