/**
 * The house rules of DESIGN as lint rules. The tables are in `rooms.ts`; `lib/README.md` shows them.
 *
 * - `import-direction`: a room imports only the rooms below it.
 * - `package-room`: an npm package is imported by one room.
 * - `no-exit`: `Deno.exit` stands in `main.ts` and `sandbox_main.ts` alone.
 * - `no-default-export`: what a file of `lib/` exports has a name.
 * - `no-function-text`: no function is turned into the text of a program that runs elsewhere.
 * - `kind-last`: what is spread into an object literal cannot overwrite its `kind`.
 * - `pure-room`: no clock, random, disk, network, environment or console where data goes in and comes out.
 */
import { PACKAGE_ROOMS, PURE_ROOMS, ROOMS } from "./rooms.ts";

type ImportLike =
  | Deno.lint.ImportDeclaration
  | Deno.lint.ExportNamedDeclaration
  | Deno.lint.ExportAllDeclaration;

const plugin: Deno.lint.Plugin = {
  name: "keysmith",
  rules: {
    "import-direction": { create: importDirection },
    "package-room": { create: packageRoom },
    "no-exit": { create: noExit },
    "no-default-export": { create: noDefaultExport },
    "no-function-text": { create: noFunctionText },
    "kind-last": { create: kindLast },
    "pure-room": { create: pureRoom },
  },
};

export default plugin;

/** The room of a file: `lib/<room>/…`; `null` outside `lib/`. */
export function roomOf(path: string): string | null {
  return /(?:^|\/)lib\/([a-z]+)\/[^/]/.exec(path.replaceAll("\\", "/"))?.[1] ?? null;
}

function importDirection(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const room = roomOf(context.filename);
  const allowed = room === null ? undefined : ROOMS[room];
  if (room === null) return {};
  return onEachImport((node, specifier, typeOnly) => {
    if (!specifier.startsWith(".")) return;
    const target = roomOf(new URL(specifier, `file:///${context.filename}`).pathname);
    if (target === null || target === room) return;
    if (allowed?.rooms.includes(target)) return;
    const asType = allowed?.types?.includes(target) ?? false;
    if (asType && typeOnly) return;
    context.report({
      node,
      message: asType
        ? `Room "${room}" may import only types of "${target}"`
        : `Room "${room}" may not import "${target}"`,
      hint: "The import table is in lib/README.md; dependencies point the way the data flows",
    });
  });
}

function packageRoom(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const room = roomOf(context.filename);
  if (room === null) return {};
  return onEachImport((node, specifier) => {
    if (/^(?:\.|\/|#|node:|file:|data:)/.test(specifier)) return;
    const name = packageName(specifier);
    const owner = PACKAGE_ROOMS[name];
    if (owner === room) return;
    context.report({
      node,
      message: owner === undefined
        ? `Package "${name}" belongs to no room`
        : `Package "${name}" is imported by room "${owner}" alone`,
      hint:
        "Wrap it there, or change PACKAGE_ROOMS in scripts/rooms.ts and lib/README.md with a reason",
    });
  });
}

/** `@scope/name/sub` is package `@scope/name`. */
function packageName(specifier: string): string {
  const parts = specifier.replace(/^npm:\/?/, "").split("/");
  return parts.slice(0, specifier.includes("@") && parts[0]!.startsWith("@") ? 2 : 1).join("/");
}

function noExit(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  if (roomOf(context.filename) === null) return {};
  const report = (node: Deno.lint.Node) =>
    context.report({
      node,
      message: "Only main.ts ends the process",
      hint: "Throw an AppError, or answer an exit code",
    });
  return {
    'MemberExpression[object.name="Deno"][property.name="exit"]': report,
    'MemberExpression[object.name="process"][property.name="exit"]': report,
  };
}

function noDefaultExport(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  if (roomOf(context.filename) === null) return {};
  return {
    ExportDefaultDeclaration(node) {
      context.report({ node, message: "A default export has no name", hint: "Export it by name" });
    },
  };
}

/**
 * The bundler puts calls of its own helpers (`--keep-names`) into functions, so that their text means nothing
 * in a page or another process, and does so in the executable alone.
 */
function noFunctionText(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  if (roomOf(context.filename) === null) return {};
  const named = new Set<string>();
  return {
    FunctionDeclaration({ id }) {
      if (id !== null) named.add(id.name);
    },
    'CallExpression[callee.property.name="toString"][arguments.length=0]'(
      node: Deno.lint.CallExpression,
    ) {
      const { callee } = node;
      if (callee.type !== "MemberExpression") return;
      const { object } = callee;
      const isFunction = /Function/.test(object.type) ||
        object.type === "Identifier" && named.has(object.name);
      if (!isFunction) return;
      context.report({
        node,
        message: "The text of a function is another one in the executable",
        hint: "Write the program as a text (String.raw)",
      });
    },
  };
}

/**
 * `{ kind: "a", ...rest }` has the `kind` of `rest` where it has one, and the compiler, which knows `rest`
 * by a narrower type than its value, sees nothing of it.
 */
function kindLast(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  if (roomOf(context.filename) === null) return {};
  return {
    ObjectExpression({ properties }) {
      const isKind = (node: (typeof properties)[number]) =>
        node.type === "Property" && !node.computed &&
        (node.key.type === "Identifier" && node.key.name === "kind" ||
          node.key.type === "Literal" && node.key.value === "kind");
      const kind = properties.findIndex(isKind);
      const isOverwritten = kind >= 0 &&
        properties.slice(kind).some((node) => node.type === "SpreadElement");
      if (!isOverwritten) return;
      context.report({
        node: properties[kind]!,
        message: "What is spread after `kind` may overwrite it",
        hint: "Write `kind` after what is spread",
      });
    },
  };
}

/** Globals that reach outside, and the members of them that do not. */
const IMPURE_GLOBALS: readonly string[] = [
  "Deno",
  "process",
  "fetch",
  "console",
  "localStorage",
  "sessionStorage",
  "navigator",
  "prompt",
  "confirm",
  "alert",
  "WebSocket",
  "Worker",
  "setTimeout",
  "setInterval",
];
const IMPURE_MEMBERS: readonly string[] = [
  "Date.now",
  "Math.random",
  "performance.now",
  "crypto.getRandomValues",
  "crypto.randomUUID",
];
/** Node modules that compute and do nothing else. */
const PURE_NODE_MODULES: readonly string[] = [
  "node:crypto",
  "node:buffer",
  "node:zlib",
  "node:url",
];

function pureRoom(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const room = roomOf(context.filename);
  if (room === null || !PURE_ROOMS.includes(room)) return {};
  const report = (node: Deno.lint.Node, what: string) =>
    context.report({
      node,
      message: `Room "${room}" is pure: ${what} does not belong there`,
      hint: "Take the value as an argument; the caller has the Context",
    });
  return {
    ...onEachImport((node, specifier) => {
      if (specifier.startsWith("node:") && !PURE_NODE_MODULES.includes(specifier)) {
        report(node, `"${specifier}"`);
      }
    }),
    CallExpression(node) {
      if (node.callee.type === "Identifier" && IMPURE_GLOBALS.includes(node.callee.name)) {
        report(node, node.callee.name);
      }
    },
    MemberExpression(node) {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
      const member = `${node.object.name}.${node.property.name}`;
      const impure = IMPURE_MEMBERS.includes(member) || IMPURE_GLOBALS.includes(node.object.name);
      if (impure) report(node, member);
    },
    NewExpression(node) {
      if (node.callee.type !== "Identifier") return;
      const readsClock = node.callee.name === "Date" && node.arguments.length === 0;
      if (readsClock || IMPURE_GLOBALS.includes(node.callee.name)) {
        report(node, `new ${node.callee.name}()`);
      }
    },
  };
}

/** Visits static imports, re-exports and dynamic imports with a literal specifier. */
function onEachImport(
  visit: (node: Deno.lint.Node, specifier: string, typeOnly: boolean) => void,
): Deno.lint.LintVisitor {
  const visitStatic = (node: ImportLike, typeOnly: boolean) => {
    if (node.source !== null) visit(node, node.source.value, typeOnly);
  };
  return {
    ImportDeclaration: (node) => visitStatic(node, node.importKind === "type"),
    ExportNamedDeclaration: (node) => visitStatic(node, node.exportKind === "type"),
    ExportAllDeclaration: (node) => visitStatic(node, node.exportKind === "type"),
    ImportExpression(node) {
      if (node.source.type === "Literal" && typeof node.source.value === "string") {
        visit(node, node.source.value, false);
      }
    },
  };
}
