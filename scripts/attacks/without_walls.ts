/**
 * Walls of the sandbox taken away, as changes to the text of a copy of the project. Each change must fit exactly
 * once: where the code it is about was rewritten, it says so, and no wall is left standing unnoticed.
 */
export type Wall = "checks" | "compartment" | "permissions" | "landlock" | "seccomp";

export const WALLS: readonly Wall[] = [
  "checks",
  "compartment",
  "permissions",
  "landlock",
  "seccomp",
];

export interface TextChange {
  /** Below the project's folder. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Both walls of the system are raised by one call. */
export function changesWithout(walls: ReadonlySet<Wall>): TextChange[] {
  return [
    ...walls.has("checks") ? NO_CHECKS : [],
    ...walls.has("compartment") ? NO_COMPARTMENT : [],
    ...walls.has("permissions") ? NO_PERMISSIONS : [],
    ...walls.has("landlock") || walls.has("seccomp") ? [systemWalls(walls)] : [],
    ONLY_HARM,
    ...IN_ONE_PROCESS,
  ];
}

/** @throws {Error} where the change does not fit exactly once. */
export function changed(text: string, { file, from, to }: TextChange): string {
  const [before, after, ...more] = text.split(from);
  if (after === undefined || more.length > 0) {
    throw new Error(`"${file}" has changed: ${JSON.stringify(from)} is not in it exactly once`);
  }
  return `${before}${to}${after}`;
}

/** Neither searched for imports nor printed anew: the script's own text is evaluated. */
const NO_CHECKS: readonly TextChange[] = [
  {
    file: "lib/script/static_checks.ts",
    from: "  refuseModuleAccess(program, javascript, fileName);\n  return",
    to: "  return",
  },
  {
    file: "lib/script/prepare.ts",
    from: "const printed = printTree(statements);",
    to: "const own = statements.map(({ start, end }) => text.slice(start, end)).join('\\n');\n" +
      "const printed = { text: own, lines: new Map<number, number>() };",
  },
  {
    file: "lib/script/prepare.ts",
    from: "  checkEvaluated(javascript, { statements, fileName, lineOf });\n",
    to: "",
  },
];

/** All of the Worker's globals, evaluated in its own realm, with nothing frozen. */
const NO_COMPARTMENT: readonly TextChange[] = [
  {
    file: "lib/sandbox/guest/realm.ts",
    from: 'for (const name of ["Deno", "process"]) Reflect.deleteProperty(globalThis, name);',
    to: "",
  },
  {
    file: "lib/sandbox/guest/confine.ts",
    from: "  const web = takeWebGlobals();\n  closeWebGlobals(web);",
    to: "  const all = Object.getOwnPropertyNames(globalThis);\n" +
      "  const every = Object.fromEntries(all.map((name) => [name, Reflect.get(globalThis, name)]));\n" +
      "  for (const [name, value] of Object.entries(globalsOf(every))) Reflect.set(globalThis, name, value);\n" +
      "  if (all.length > 0) return (source) => (0, eval)(`${source}\\n//# sourceURL=${SCRIPT_URL}`);\n" +
      "  const web = takeWebGlobals();\n  closeWebGlobals(web);",
  },
];

/** Worker and process may do whatever the runtime can. */
const NO_PERMISSIONS: readonly TextChange[] = [
  {
    file: "lib/sandbox/child.ts",
    from: "const permissions = workerPermissions(config.reach);",
    to: 'const permissions = "inherit" as const;',
  },
  {
    file: "lib/sandbox/child_process.ts",
    from: '    "--no-remote",\n    "--deny-import",\n    "--cached-only",\n',
    to: '    "--allow-all",\n',
  },
  {
    file: "lib/sandbox/child_process.ts",
    from:
      '    `--allow-read=${Deno.build.os === "darwin" ? `${folder},${REFUSED_FILE}` : folder}`,\n' +
      '    `--allow-ffi=${LIBC_PATHS.join(",")}`,\n' +
      '    ...(net.length > 0 ? [`--allow-net=${net.join(",")}`] : []),\n',
    to: "",
  },
];

function systemWalls(walls: ReadonlySet<Wall>): TextChange {
  const raised = { files: !walls.has("landlock"), calls: !walls.has("seccomp") };
  return {
    file: "lib/sandbox/child.ts",
    from: "closeProcess({ readable, hosts: connectsTo(reach) })",
    to: `closeProcess({ readable, hosts: connectsTo(reach) }, ${JSON.stringify(raised)})`,
  };
}

/** A script that breaks through one wall may say so: harm is what counts where another is to hold it. */
const ONLY_HARM: TextChange = {
  file: "tests/sandbox/attacks/judge.ts",
  from: "      ...judgeOutcome(attack, outcome),\n",
  to: "",
};

/** Under `deno run` the command that starts the sandbox is a call, which saves most of the time. */
const IN_ONE_PROCESS: readonly TextChange[] = [
  {
    file: "scripts/attacks.ts",
    from: 'import { keysmith } from "../tests/support/keysmith.ts";',
    to: 'import { testedKeysmith } from "../tests/support/keysmith.ts";',
  },
  {
    file: "scripts/attacks.ts",
    from: "runAttacks(attacks, PARALLEL, keysmith,",
    to: "runAttacks(attacks, PARALLEL, testedKeysmith,",
  },
];
