/**
 * The command line as commander understands it. Groups and commands are known by name from the start;
 * what one takes is loaded when it is the one that was asked for.
 */
import { Command as Commander, CommanderError } from "commander";
import { AppError } from "../base/error.ts";
import type { Command } from "./command.ts";
import { type CommandEntry, COMMANDS, GROUPS } from "./command_table.ts";
import { Flags } from "./flags.ts";
import { DESCRIPTION, GLOBAL_OPTIONS, HELP_OPTION, rootHelp, VERSION_OPTION } from "./root_help.ts";
import { versionText } from "./version.ts";

/** A command to run with its input, or nothing to run because help or the version was printed. */
export type Understood =
  | {
    readonly kind: "run";
    readonly command: Command<unknown>;
    readonly input: unknown;
    readonly operands: readonly string[];
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
    if (error.code === INCOMPLETE && !args.includes("--json")) {
      return { kind: "shown", exitCode: USAGE_EXIT_CODE };
    }
    if (error.code === INCOMPLETE) throw withoutCommand(args);
    throw usageError(error, args);
  }
}

/** The help stands on stderr; who reads JSON is told in JSON. */
function withoutCommand(args: readonly string[]): AppError {
  const words = ["keysmith", ...commandPath(args)].join(" ");
  return new AppError("USAGE", `Name a command of "${words}"`, { hint: `${words} --help` });
}

/** commander says `error: unknown option '--fromat'\n(Did you mean --format?)`. */
function usageError(error: CommanderError, args: readonly string[]): AppError {
  const [first = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const message = `${first.charAt(0).toUpperCase()}${first.slice(1)}`.replaceAll("'", '"');
  const command = ["keysmith", ...commandPath(args)].join(" ");
  const help = `${command} --help`;
  if (error.code === "commander.excessArguments" && /^keysmith tools( list)?$/.test(command)) {
    return new AppError("USAGE", message, { hint: "One tool: keysmith tools show OWNER TOOL" });
  }
  return new AppError("USAGE", message, {
    hint: suggestion === undefined ? help : `${suggestion.replace(/^\(|\)$/g, "")} See ${help}`,
  });
}

/** As much of what was typed as names a command: `["auth", "login"]`, `["auth"]`, `[]`. */
function commandPath(args: readonly string[]): string[] {
  const [first = "", second = ""] = args.filter((arg) => !arg.startsWith("-"));
  if (COMMANDS.some(({ group, name }) => group === first && name === second)) {
    return [first, second];
  }
  const isKnown = first in GROUPS ||
    COMMANDS.some(({ group, name }) => group === null && name === first);
  return isKnown ? [first] : [];
}

/** `keysmith help auth login` means `keysmith auth login --help`. */
function helpAsOption(args: readonly string[]): string[] {
  return args[0] === "help" ? [...args.slice(1), "--help"] : [...args];
}

/** Else commander asks Node's streams for their width and colours, and making those takes as long as all the rest. */
const PLAIN_HELP = {
  getOutHelpWidth: () => HELP_WIDTH,
  getErrHelpWidth: () => HELP_WIDTH,
  getOutHasColors: () => false,
  getErrHasColors: () => false,
};
const HELP_WIDTH = 80;

function createProgram(help: HelpSink, accept: Accept): Commander {
  const program = new Commander("keysmith")
    .description(DESCRIPTION)
    .version(versionText(), ...VERSION_OPTION)
    .helpOption(...HELP_OPTION)
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: help.out,
      writeErr: help.err,
      outputError: () => {},
      ...PLAIN_HELP,
    })
    .exitOverride();
  program.helpInformation = rootHelp;
  for (const [flags, summary] of GLOBAL_OPTIONS) program.option(flags, summary);
  for (const [name, summary] of Object.entries(GROUPS)) {
    program.command(name).description(summary).helpCommand(false);
  }
  addCommands(program, null, accept);
  program.hook("preSubcommand", (_program, group) => {
    if (group.name() in GROUPS) addCommands(group, group.name(), accept);
  });
  return program;
}

/** Adds the commands of a group; what one takes is loaded when it is the one that was asked for. */
function addCommands(parent: Commander, group: string | null, accept: Accept): void {
  const entries = new Map<Commander, CommandEntry>();
  for (const entry of COMMANDS.filter((entry) => entry.group === group)) {
    const command = parent.command(entry.name, { isDefault: entry.isDefault ?? false });
    entries.set(command.description(entry.summary).allowExcessArguments(false), entry);
  }
  parent.hook("preSubcommand", async (_parent, command) => {
    const entry = entries.get(command);
    if (entry !== undefined) configure(command, (await entry.load()).command, accept);
  });
}

function configure(
  commander: Commander,
  command: Command<unknown>,
  accept: Accept,
): void {
  for (const [notation, summary] of command.operands) commander.argument(notation, summary);
  for (const { flags, summary } of command.options) commander.option(flags, summary);
  switchOnLoneNegations(commander);
  refuseOpposites(commander);
  if (command.examples.length > 0) {
    const examples = command.examples.map((example) => `  ${example}`).join("\n");
    commander.addHelpText("after", `\nExamples:\n${examples}`);
  }
  commander.action(() => {
    const flags = new Flags(commander.optsWithGlobals());
    const operands = [...commander.args];
    accept({ kind: "run", command, input: command.parse(operands, flags), operands, flags });
  });
}

/**
 * `--no-browser` without a `--browser` is on until it is given. commander says so before a command's hook
 * runs, so of the options that the hook has just added it says nothing.
 */
function switchOnLoneNegations(commander: Commander): void {
  const names = new Set(commander.options.filter(({ negate }) => !negate).map(nameOf));
  for (const name of commander.options.filter(({ negate }) => negate).map(nameOf)) {
    if (names.has(name) || commander.getOptionValue(name) !== undefined) continue;
    commander.setOptionValueWithSource(name, true, "default");
  }
}

/** `--llm --no-llm`: commander takes the last one, and who wrote both meant one of them. */
function refuseOpposites(commander: Commander): void {
  const given = new Set<string>();
  for (const option of commander.options) {
    const other = option.negate
      ? `--${option.long!.slice("--no-".length)}`
      : `--no-${option.name()}`;
    commander.on(`option:${option.name()}`, () => {
      given.add(option.long!);
      if (!given.has(other)) return;
      const both = [option.long!, other].sort();
      throw new AppError("USAGE", `${both.join(" and ")} exclude each other`);
    });
  }
}

function nameOf(option: Commander["options"][number]): string {
  return option.attributeName();
}
