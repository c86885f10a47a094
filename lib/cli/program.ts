/**
 * The command line as commander understands it. Groups and commands are known by name from the start;
 * what one takes is loaded when it is the one that was asked for.
 */
import { Command as Commander, CommanderError } from "commander";
import { AppError } from "../base/error.ts";
import type { Command } from "./command.ts";
import { type CommandEntry, COMMANDS, GROUPS } from "./command_table.ts";
import { Flags } from "./flags.ts";
import { versionText } from "./version.ts";

/** A command to run with its input, or nothing to run because help or the version was printed. */
export type Understood =
  | {
    readonly kind: "run";
    readonly command: Command<unknown>;
    readonly input: unknown;
    readonly flags: Flags;
  }
  | { readonly kind: "shown"; readonly exitCode: number };

type Accept = (understood: Understood) => void;

/** Receives the help: on stdout when it was asked for, else on stderr. */
export interface HelpSink {
  out(text: string): void;
  err(text: string): void;
}

/** commander's codes for "what was asked for is printed". */
const SHOWN = ["commander.helpDisplayed", "commander.version"];
/** commander's code for a group without a command: help was printed on stderr. */
const INCOMPLETE = "commander.help";
const USAGE_EXIT_CODE = 2;

/** @throws {AppError} `USAGE`. */
export async function understand(args: readonly string[], help: HelpSink): Promise<Understood> {
  let understood: Understood = { kind: "shown", exitCode: 0 };
  const program = createProgram(help, (invocation) => understood = invocation);
  try {
    await program.parseAsync(helpAsOption(args), { from: "user" });
    return understood;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (SHOWN.includes(error.code)) return understood;
    if (error.code === INCOMPLETE) return { kind: "shown", exitCode: USAGE_EXIT_CODE };
    throw usageError(error, args);
  }
}

/** commander says `error: unknown option '--fromat'\n(Did you mean --format?)`. */
function usageError(error: CommanderError, args: readonly string[]): AppError {
  const [first = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const message = `${first.charAt(0).toUpperCase()}${first.slice(1)}`.replaceAll("'", '"');
  const path = args.filter((arg) => !arg.startsWith("-")).slice(0, 2);
  const known = path.length > 0 &&
    (path[0]! in GROUPS || COMMANDS.some(({ name }) => name === path[0]));
  const help = `keysmith ${known ? `${path[0]} ` : ""}--help`;
  return new AppError("USAGE", message, {
    hint: suggestion === undefined ? help : `${suggestion.replace(/^\(|\)$/g, "")} See ${help}`,
  });
}

/** `keysmith help auth login` means `keysmith auth login --help`. */
function helpAsOption(args: readonly string[]): string[] {
  return args[0] === "help" || args.length === 0 ? [...args.slice(1), "--help"] : [...args];
}

function createProgram(help: HelpSink, accept: Accept): Commander {
  const program = new Commander("keysmith")
    .description("Learns how an app logs in, cuts a key, and keeps the door open")
    .version(versionText(), "--version", "print the version")
    .option("--json", "print one JSON document on stdout")
    .option("--home <folder>", "where apps and tokens are kept (else KEYSMITH_HOME)")
    .option("--config <file>", "the configuration file to use")
    .option("--no-input", "never ask; fail where an answer would be needed")
    .helpOption("-h, --help", "show this text")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: help.out, writeErr: help.err, outputError: () => {} })
    .exitOverride();
  const groups = new Map<string, Commander>();
  const loaders = new Map<Commander, CommandEntry>();
  for (const entry of COMMANDS) {
    const parent = entry.group === null ? program : groupOf(entry.group, program, groups);
    const command = parent.command(entry.name, { isDefault: entry.isDefault ?? false });
    command.description(entry.summary).allowExcessArguments(false);
    loaders.set(command, entry);
  }
  const load = async (_parent: Commander, command: Commander) => {
    const entry = loaders.get(command);
    if (entry !== undefined) configure(command, (await entry.load()).command, accept);
  };
  for (const parent of [program, ...groups.values()]) parent.hook("preSubcommand", load);
  return program;
}

function groupOf(name: string, program: Commander, groups: Map<string, Commander>): Commander {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const group = program.command(name).description(GROUPS[name] ?? "").helpCommand(false);
  groups.set(name, group);
  return group;
}

function configure(
  commander: Commander,
  command: Command<unknown>,
  accept: Accept,
): void {
  for (const [notation, summary] of command.operands) commander.argument(notation, summary);
  for (const { flags, summary } of command.options) commander.option(flags, summary);
  if (command.examples.length > 0) {
    const examples = command.examples.map((example) => `  ${example}`).join("\n");
    commander.addHelpText("after", `\nExamples:\n${examples}`);
  }
  commander.action(() => {
    const flags = new Flags(commander.optsWithGlobals());
    accept({ kind: "run", command, input: command.parse(commander.args, flags), flags });
  });
}
