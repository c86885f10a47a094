/**
 * The language in which a model says how a value is computed: calls of the codec table's transforms over
 * texts, placeholders and places of the recording.
 *
 *     salt = t_0003.response.body.salt;
 *     hex(xor(pbkdf2-sha256(typed("Password"), salt, 1000, 32), utf8("k")))
 *
 * - `f(a, b)`: a transform by its name; `_` may stand for `-`; a digest without an encoding yields bytes.
 * - `a + b`, `concat(a, b)`: joined. `"text"`, `12`: constants.
 * - `‹secret#1›`, `secret#1`, `t_0003.response.body.salt`: recorded values.
 * - `typed("Password")`: what the user is asked for. `uuid()`, `now("ms")`, `random(16, "hex digits")`,
 *   `random_bytes(16)` (as base64): what the client makes up.
 * - `call name(a, b)`: a function that the model wrote; `name(a, b)` as well.
 * - `name = expression;`: names a part; the last expression is the value.
 *
 * Nothing of it is ever run as code.
 */
import { type TransformOp, TRANSFORMS } from "../../codec/transforms.ts";
import type { FoundExpr } from "../../correlate/finding.ts";
import type { Generated } from "../../correlate/flow.ts";
import { ExpressionError } from "./expression_error.ts";
import { type ExpressionToken, expressionTokens } from "./expression_tokens.ts";

/** What names in an expression stand for. Each throws `ExpressionError` where it knows none. */
export interface ExpressionNames {
  recorded(placeholder: string): FoundExpr;
  place(path: string): FoundExpr;
  typed(label: string): FoundExpr;
  /** True for a function that the model wrote. */
  isOwn(name: string): boolean;
}

const MAX_LENGTH = 6000;
const MAX_DEPTH = 40;

/** @throws {ExpressionError} */
export function parseExpression(text: string, names: ExpressionNames): FoundExpr {
  if (text.length > MAX_LENGTH) throw new ExpressionError("the expression is too long");
  return new Parser(expressionTokens(text), names).program();
}

class Parser {
  readonly #tokens: readonly ExpressionToken[];
  readonly #names: ExpressionNames;
  readonly #parts = new Map<string, FoundExpr>();
  #at = 0;

  constructor(tokens: readonly ExpressionToken[], names: ExpressionNames) {
    this.#tokens = tokens;
    this.#names = names;
  }

  program(): FoundExpr {
    for (;;) {
      const [name, sign] = [this.#tokens[this.#at], this.#tokens[this.#at + 1]];
      if (name?.kind !== "name" || sign?.text !== "=") break;
      this.#at += 2;
      this.#parts.set(name.text, this.#sum(0));
      this.#expect(";");
    }
    const value = this.#sum(0);
    if (this.#peek() === ";") this.#at++;
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new ExpressionError(`"${rest.text}" is not expected there`);
    return value;
  }

  #sum(depth: number): FoundExpr {
    if (depth > MAX_DEPTH) throw new ExpressionError("the expression is nested too deep");
    const parts = [this.#term(depth)];
    while (this.#peek() === "+") {
      this.#at++;
      parts.push(this.#term(depth));
    }
    return parts.length === 1 ? parts[0]! : { kind: "concat", parts };
  }

  #term(depth: number): FoundExpr {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new ExpressionError("the expression ends too early");
    switch (token.kind) {
      case "text":
      case "number":
        return { kind: "constant", value: token.text };
      case "placeholder":
        return this.#names.recorded(token.text);
      case "place":
        return this.#names.place(token.text);
      case "name":
        if (token.text === "call" && this.#tokens[this.#at]?.kind === "name") {
          return this.#ownCall(this.#tokens[this.#at++]!.text, depth);
        }
        return this.#peek() === "(" ? this.#call(token.text, depth) : this.#part(token.text);
      case "sign":
        return this.#inBrackets(token.text, depth);
    }
  }

  #inBrackets(sign: string, depth: number): FoundExpr {
    if (sign !== "(") throw new ExpressionError(`"${sign}" is not expected there`);
    const inner = this.#sum(depth + 1);
    this.#expect(")");
    return inner;
  }

  #part(name: string): FoundExpr {
    const part = this.#parts.get(name);
    if (part === undefined) throw new ExpressionError(`nothing is called "${name}"`);
    return part;
  }

  #ownCall(name: string, depth: number): FoundExpr {
    if (!this.#names.isOwn(name)) {
      throw new ExpressionError(`no function "${name}" was written with write_function`);
    }
    // What it yields is known once it has run.
    const args = this.#args(depth);
    return { kind: "call", function: name, args, yields: "text", recorded: null };
  }

  #call(name: string, depth: number): FoundExpr {
    if (this.#names.isOwn(name)) return this.#ownCall(name, depth);
    const args = this.#args(depth);
    return this.#own(name.replaceAll("_", "-"), args) ?? transformCall(name, args);
  }

  #args(depth: number): FoundExpr[] {
    this.#expect("(");
    const args: FoundExpr[] = [];
    while (this.#peek() !== ")") {
      if (args.length > 0) this.#expect(",");
      args.push(this.#sum(depth + 1));
    }
    this.#expect(")");
    return args;
  }

  #own(name: string, args: readonly FoundExpr[]): FoundExpr | null {
    switch (name) {
      case "concat":
        return { kind: "concat", parts: args };
      case "typed":
        return this.#names.typed(constantOf(name, args[0]));
      case "uuid":
        return made({ kind: "uuid" }, args[0]);
      case "now":
        return made({ kind: "timestamp", unit: unitOf(args[0]) });
      case "random":
        return made({
          kind: "random",
          length: lengthOf(name, args[0]),
          alphabet: alphabetOf(constantOf(name, args[1])),
        }, args[2]);
      case "random-bytes":
        return made({ kind: "random-bytes", length: lengthOf(name, args[0]) }, args[1]);
      default:
        return null;
    }
  }

  #peek(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === "sign" ? token.text : undefined;
  }

  #expect(sign: string): void {
    const token = this.#tokens[this.#at++];
    if (token?.kind === "sign" && token.text === sign) return;
    const found = token === undefined ? "the end" : `"${token.text}"`;
    throw new ExpressionError(`"${sign}" is expected before ${found}`);
  }
}

function transformCall(name: string, args: readonly FoundExpr[]): FoundExpr {
  const wanted = name.replaceAll("_", "-").toLowerCase();
  const op = [wanted, `${wanted}-bytes`].find((candidate) => Object.hasOwn(TRANSFORMS, candidate));
  if (op === undefined && /rsa|pkcs/.test(wanted)) throw new ExpressionError(NO_SUCH_RSA);
  if (op === undefined) {
    throw new ExpressionError(
      `there is no function "${name}"; there are ${functionNames()}, and what you write with write_function`,
    );
  }
  if (args.length === 0) throw new ExpressionError(`${name}() needs arguments`);
  return { kind: "transform", op: op as TransformOp, args };
}

/** What libraries as JSEncrypt do, and browsers do not (Web Cryptography API section 20). */
const NO_SUCH_RSA = "of RSA, Web Crypto has OAEP alone: rsa-oaep-sha1-encrypt(key, text) and " +
  "rsa-oaep-sha256-encrypt(key, text), the key as SPKI; it has no encryption with PKCS#1 v1.5 padding. What a " +
  "page's own code computes by numbers is mod-pow(integer(bytes), exponent, modulus); or write_function with BigInt, " +
  "the padding's chance handed over: call name(…, random_bytes(256))";

const OWN_WORDS = ["call", "concat", "typed", "uuid", "now", "random", "random-bytes"];

/** True where the language has a function of that name. */
export function isFunctionName(name: string): boolean {
  const wanted = name.replaceAll("_", "-").toLowerCase();
  return OWN_WORDS.includes(wanted) ||
    [wanted, `${wanted}-bytes`].some((one) => Object.hasOwn(TRANSFORMS, one));
}

/** Every function, digests without their encodings. */
export function functionNames(): string {
  const names = Object.keys(TRANSFORMS).map((name) =>
    name.replace(/^((?:hmac-|pbkdf2-)?(?:md5|sha\d+))-(hex|base64|base64url|bytes)$/, "$1")
  );
  return [...new Set(names)].join(" ");
}

const MAX_MADE = 4096;

/** A name tells values of one shape apart where no request shows them. */
function made(shape: Generated["shape"], name?: FoundExpr): FoundExpr {
  const called = name === undefined ? "" : constantOf("name", name);
  return { kind: "made", shape, name: called, recorded: "" };
}

function constantOf(name: string, expr: FoundExpr | undefined): string {
  if (expr?.kind === "constant") return expr.value;
  throw new ExpressionError(`${name}() takes a plain text`);
}

function lengthOf(name: string, expr: FoundExpr | undefined): number {
  const length = Number(constantOf(name, expr));
  if (Number.isInteger(length) && length > 0 && length <= MAX_MADE) return length;
  throw new ExpressionError(`${name}() takes a length from 1 to ${MAX_MADE}`);
}

function unitOf(expr: FoundExpr | undefined): "s" | "ms" | "iso" {
  const unit = constantOf("now", expr);
  if (unit === "s" || unit === "ms" || unit === "iso") return unit;
  throw new ExpressionError('now() takes "s", "ms" or "iso"');
}

/** An alphabet by its name or its characters. */
function alphabetOf(text: string): string {
  const digits = "0123456789";
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const named: Readonly<Record<string, string>> = {
    "digits": digits,
    "hex digits": `${digits}abcdef`,
    "hex": `${digits}abcdef`,
    "letters": letters,
    "letters and digits": letters + digits,
  };
  return named[text] ?? text;
}
