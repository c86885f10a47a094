/**
 * A function that a model wrote to be called by a generated script: one declaration, held to the rules of any
 * script before it is kept. It computes from what it is handed, so what reaches the site or the user is not
 * for it: the script around it does that, and is judged by it.
 */
import type { Node } from "acorn";
import { AppError } from "../base/error.ts";
import { prepareScript } from "./prepare.ts";
import { nodesOf, parseScript } from "./static_checks.ts";
import { stripTypes } from "./strip_types.ts";

/** Of one function, in UTF-16 units: a cipher or a digest of a page's own takes half of it. */
const MAX_CODE = 32_768;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,59}$/;

const NOT_FOR_COMPUTING: ReadonlySet<string> = new Set(
  ("fetch cookie_session prompt_text prompt_secret tell_user wait_user_confirmation acquire_token " +
    "refresh_token").split(" "),
);

/**
 * The declaration as it will stand in the script.
 *
 * @throws {AppError} `SCRIPT_REFUSED`: what is wrong, for whoever wrote it.
 */
export function checkOwnFunction(name: string, code: string): string {
  if (!NAME.test(name)) throw refusal("a name has letters, digits and _ alone, 60 at most");
  if (code.length > MAX_CODE) throw refusal(`it is longer than ${MAX_CODE} characters`);
  const text = code.trim().replace(/^export\s+(?=async\s|function\b)/, "");
  const fileName = name;
  const program = parseScript(stripTypes(text, fileName), fileName);
  const [declared, ...more] = program.body;
  const isOne = declared?.type === "FunctionDeclaration" && more.length === 0;
  if (!isOne || declared.generator || declared.id.name !== name) {
    throw refusal(
      `it is to be one declaration, function ${name}(…) { … } or async function ${name}(…)`,
    );
  }
  const unfit = usedNames(declared).find((used) => NOT_FOR_COMPUTING.has(used));
  if (unfit !== undefined) {
    throw refusal(`${unfit} is not for it: a function computes from its arguments alone`);
  }
  prepareScript(`${text}\nexport async function acquire_token() {}`, fileName);
  return text;
}

/** Every identifier but names of members. */
function usedNames(root: Node): string[] {
  const members = new Set<unknown>();
  const names: string[] = [];
  for (const node of nodesOf(root)) {
    if ("property" in node && "computed" in node && node.computed === false) {
      members.add(node.property);
    }
    if (node.type === "Identifier" && "name" in node && !members.has(node)) {
      names.push(String(node.name));
    }
  }
  return names;
}

function refusal(problem: string): AppError {
  return new AppError("SCRIPT_REFUSED", problem);
}
