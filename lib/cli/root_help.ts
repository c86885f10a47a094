/**
 * What `keysmith --help` prints: every command with its summary. Written here and not by commander, whose
 * loading and first use take as long as the rest of the start.
 */
import { COMMANDS, GROUPS } from "./command_table.ts";

export const DESCRIPTION = "Learns how an app logs in, cuts a key, and keeps the door open";

/** What every command takes, in commander's notation. */
export const GLOBAL_OPTIONS: readonly (readonly [flags: string, summary: string])[] = [
  ["--json", "print one JSON document on stdout"],
  [
    "--home <folder>",
    "where apps and tokens are kept (else KEYSMITH_HOME, else ~/.local/share/keysmith)",
  ],
  [
    "--config <file>",
    "the configuration file to use in place of keysmith.yaml in the working folder",
  ],
  ["--no-input", "never ask; fail where an answer would be needed"],
];
export const VERSION_OPTION = ["--version", "print the version"] as const;
export const HELP_OPTION = ["-h, --help", "show this text"] as const;

/** Asked for as the words that mean nothing but this text. */
export function isRootHelp(args: readonly string[]): boolean {
  return args.length === 0 || (args.length === 1 && ["--help", "-h", "help"].includes(args[0]!));
}

export function rootHelp(): string {
  const alone = COMMANDS.filter(({ group }) => group === null);
  const sections = [
    "Usage: keysmith <command> [options]",
    DESCRIPTION,
    ...Object.entries(GROUPS).map(([group, summary]) =>
      section(
        summary,
        COMMANDS.filter((entry) => entry.group === group)
          .map(({ name, summary }) => [`${group} ${name}`, summary]),
      )
    ),
    section("By themselves", alone.map(({ name, summary }) => [name, summary])),
    section("Every command takes", [...GLOBAL_OPTIONS, HELP_OPTION, VERSION_OPTION]),
  ];
  return `${sections.join("\n\n")}\n`;
}

const NAME_WIDTH = 18;

function section(title: string, rows: readonly (readonly [name: string, text: string])[]): string {
  return [`${title}:`, ...rows.map(([name, text]) => `  ${name.padEnd(NAME_WIDTH)}${text}`)]
    .join("\n");
}
