/** The names a flow gives to what it takes from responses, asks the user for, or makes up. */
import { base64DecodeBytes } from "../http/base64.ts";
import { locatorCodec } from "../codec/locators.ts";
import type { Expr, Extraction, Generated, Input } from "./flow.ts";
import { isClientSecretName, isPasswordName, words } from "../http/vocabulary.ts";
import type { TypedValue } from "./typed_value.ts";
import type { Source } from "./occurrences.ts";
import { isReservedName } from "./reserved_names.ts";
import { alphabetOf, isUuid } from "../http/opaque.ts";

/** Shorter names are parts of words. In characters. */
const MIN_NAME = 4;

/** Before steps are numbered they are known by the index of their message. */
export function draftStepId(index: number): string {
  return `m${index}`;
}

/** Index of the message whose answer it is taken from. */
export function messageOf({ step }: Extraction): number {
  return Number(step.slice(1));
}

export class KnownValues {
  readonly inputs: Input[] = [];
  readonly generated: Generated[] = [];
  readonly extractions: Extraction[] = [];
  readonly #extractionByPlace = new Map<string, Extraction>();
  /** Made up and never sent as they are. */
  readonly #unseen = new Map<string, Generated>();
  readonly #names: Set<string>;

  /** @param taken names that the script gives to something else */
  constructor(taken: readonly string[] = []) {
    this.#names = new Set(taken);
  }

  /** The input of a typed value: the same value under the same kind is asked for once. */
  input(typed: TypedValue): Input {
    const known = this.inputs.find((input) =>
      input.recorded === typed.value && input.kind === typed.kind
    );
    if (known !== undefined) return known;
    // A second name beside the user's is a tenant or a branch, a second secret a PIN: the field says which.
    const isSecond = (typed.kind === "identifier" || typed.kind === "password") &&
      this.inputs.some(({ kind }) => kind === typed.kind);
    const [name, label] = isSecond && identifier(typed.name) !== ""
      ? fieldNaming(typed)
      : inputNaming(typed);
    const input: Input = {
      name: this.#unique(name),
      label: this.#uniqueLabel(label),
      secret: typed.kind === "password" || typed.kind === "api-key" || isPasswordName(typed.name),
      kind: typed.kind,
      recorded: typed.value,
    };
    this.inputs.push(input);
    return input;
  }

  /** The input of this label, which somebody says is asked for; `recorded` is `""` where nobody told it. */
  asked(
    { label, secret, as, recorded }: {
      readonly label: string;
      readonly secret: boolean;
      readonly as: Input["kind"];
      readonly recorded: string;
    },
  ): Input {
    const isCalled = (input: Input) =>
      input.label.toLowerCase() === label.toLowerCase() || input.name === identifier(label) ||
      input.kind === "password" && as === "password";
    const known = this.inputs.find((input) =>
      recorded === "" ? isCalled(input) : input.recorded === recorded && input.kind === as
    );
    if (known !== undefined) return known;
    const name = this.#unique(identifier(label) || "value");
    const input: Input = { name, label: this.#uniqueLabel(label), secret, kind: as, recorded };
    this.inputs.push(input);
    return input;
  }

  /** The input whose recorded value this is; one-time codes match by place only. */
  inputOfValue(value: string): Input | undefined {
    return this.inputs.find((input) => input.recorded === value && input.kind !== "one-time-code");
  }

  extraction(source: Source, recorded: string, hint: string): Extraction {
    const key = JSON.stringify([source.index, source.locator, source.openers]);
    const known = this.#extractionByPlace.get(key);
    if (known !== undefined) return known;
    const extraction: Extraction = {
      id: this.#unique(
        identifier(this.#impersonal(locatorCodec(source.locator.kind).name(source.locator))) ||
          identifier(this.#impersonal(hint)) || "value",
      ),
      step: draftStepId(source.index),
      locator: source.locator,
      openers: source.openers,
      recorded,
    };
    this.extractions.push(extraction);
    this.#extractionByPlace.set(key, extraction);
    return extraction;
  }

  /** What the atom of an expression takes from an answer; `undefined` where it takes nothing. */
  extractionOf(atom: Expr): Extraction | undefined {
    return atom.kind === "extracted"
      ? this.extractions.find(({ id }) => id === atom.extraction)
      : undefined;
  }

  /** True where a name that an application gave to something has the user's name in it. */
  holdsName(name: string): boolean {
    return this.#impersonal(name) !== name;
  }

  /** @rule off: name */
  #impersonal(name: string): string {
    const people = this.inputs.filter(({ kind, recorded }) =>
      kind === "identifier" && recorded.length >= MIN_NAME
    );
    return people.reduce((rest, { recorded }) => rest.replaceAll(recorded, ""), name);
  }

  generatedOfValue(value: string): Generated | undefined {
    return this.generated.find((candidate) => candidate.recorded === value);
  }

  /** A value the client makes up, of the recorded one's shape. */
  generate(value: string, hint: string, shape?: Generated["shape"]): Generated {
    const known = this.generatedOfValue(value);
    if (known !== undefined) return known;
    const generated: Generated = {
      id: this.#unique(identifier(hint) || "generated"),
      shape: shape ?? shapeOf(value),
      recorded: value,
    };
    this.generated.push(generated);
    return generated;
  }

  /** As `generate()`; where no request shows the value, name and shape tell which one it is. */
  made(
    { shape, name, recorded }: Pick<Generated, "shape" | "recorded"> & { readonly name: string },
    hint: string,
  ): Generated {
    if (recorded !== "") return this.generate(recorded, name || hint || "made", shape);
    const key = JSON.stringify([name, shape]);
    const known = this.#unseen.get(key);
    if (known !== undefined) return known;
    const generated = { id: this.#unique(identifier(name) || "client_secret"), shape, recorded };
    this.generated.push(generated);
    this.#unseen.set(key, generated);
    return generated;
  }

  #unique(name: string): string {
    let candidate = name;
    for (let number = 2; this.#names.has(candidate); number++) candidate = `${name}_${number}`;
    this.#names.add(candidate);
    return candidate;
  }

  #uniqueLabel(label: string): string {
    const taken = this.inputs.filter((input) => input.label.startsWith(label)).length;
    return taken === 0 ? label : `${label} ${taken + 1}`;
  }
}

/** Base64 is told from other random text by its padding or its punctuation (RFC 4648 section 4). */
function shapeOf(value: string): Generated["shape"] {
  if (isUuid(value)) return { kind: "uuid" };
  const bytes = value.length % 4 === 0 && /[+/=]/.test(value)
    ? base64DecodeBytes(value)
    : undefined;
  return bytes === undefined
    ? { kind: "random", length: value.length, alphabet: alphabetOf(value) }
    : { kind: "random-bytes", length: bytes.length };
}

function inputNaming(typed: TypedValue): [name: string, label: string] {
  if (isClientSecretName(typed.name)) return fieldNaming(typed);
  switch (typed.kind) {
    case "password":
      return ["password", "Password"];
    case "one-time-code":
      // Who has a PIN that lasts looks for no message with a code.
      return /\bpin\b/.test(words(typed.name))
        ? ["pin", "PIN"]
        : ["one_time_code", "One-time code"];
    case "api-key":
      return ["api_key", "API key"];
    case "link":
      return ["sign_in_link", "Sign-in link"];
    case "identifier":
      if (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(typed.value)) {
        return ["email", typed.name.toLowerCase().includes("e-mail") ? "E-mail" : "Email"];
      }
      if (
        /\b(phone|mobile|tel|msisdn)\b/.test(words(typed.name)) || /^\+\d{7,}$/.test(typed.value)
      ) {
        return ["phone", "Phone number"];
      }
      return ["username", "Username"];
    case "other":
      return fieldNaming(typed);
  }
}

function fieldNaming(typed: TypedValue): [name: string, label: string] {
  const name = identifier(typed.name) || "value";
  return [
    name,
    isLabel(typed.name) ? typed.name : name[0]!.toUpperCase() + name.slice(1).replaceAll("_", " "),
  ];
}

/** True for what a person reads beside a box (`Customer No.`), and not for what a program calls it (`customerNo`). */
function isLabel(text: string): boolean {
  const first = text.charAt(0);
  return first !== first.toLowerCase() && /[ .'’&]/.test(text) && text === text.trim() &&
    text.length <= 40;
}

/** A TypeScript identifier in snake_case; `""` when the text has no letter to begin with. */
function identifier(text: string): string {
  const name = words(text).replace(/ +/g, "_").replace(/^[^a-z]+/, "").slice(0, 40);
  return isReservedName(name) ? `${name}_value` : name;
}
