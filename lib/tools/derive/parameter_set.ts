/** The parameters of a tool, collected one by one under names that are unique and that every client takes. */
import type { JsonSchema, JsonValue } from "../../base/json.ts";
import type { PathNames } from "./path_names.ts";
import type { UserNames } from "./user_names.ts";

export interface NewParameter {
  /** As the message spells it. */
  readonly name: string;
  /** Stands before the name when that is taken: `query`, `body`. */
  readonly place: string;
  readonly schema: JsonSchema;
  readonly description: string;
  readonly required: boolean;
  readonly default?: JsonValue | undefined;
  readonly examples?: readonly JsonValue[] | undefined;
  /** As recorded: they tell which path parameter is the same thing, and who was logged in. */
  readonly values?: readonly unknown[];
  /** It is who is logged in: an argument that may be left out, and the same in all its places. */
  readonly isUser?: boolean;
}

/** Model APIs accept argument names of these characters only, up to this length. */
const MAX_NAME_LENGTH = 64;

export class ParameterSet {
  readonly #parameters = new Map<string, NewParameter>();
  readonly #names: PathNames | null;
  readonly #people: UserNames | null;
  #user: string | null = null;

  constructor(names: PathNames | null = null, people: UserNames | null = null) {
    this.#names = names;
    this.#people = people;
  }

  /** The argument that is who is logged in; `null` where there is none. */
  get user(): string | null {
    return this.#user;
  }

  /** Answers the name under which the argument is given. */
  add(parameter: NewParameter): string {
    const { name, values = [], examples = [] } = parameter;
    if (parameter.isUser || this.#people?.isField(name, values)) return this.#addUser(parameter);
    return this.#add({
      ...parameter,
      examples: examples.filter((example) => !this.#people?.has(String(example))),
    });
  }

  #addUser(parameter: NewParameter): string {
    if (this.#user !== null) return this.#user;
    const { default: _, examples: __, ...rest } = parameter;
    const description = `${parameter.description}; who is logged in, where it is left out`;
    this.#user = this.#add({ ...rest, description, required: false });
    return this.#user;
  }

  #add(parameter: NewParameter): string {
    const { name: own, values = [] } = parameter;
    const base = cleanName(this.#names?.nameFor(own, values) ?? own);
    let name = base;
    for (let number = 1; this.#parameters.has(name); number++) {
      name = cleanName(`${parameter.place}_${base}${number === 1 ? "" : `_${number}`}`);
    }
    this.#parameters.set(name, parameter);
    return name;
  }

  get names(): string[] {
    return [...this.#parameters.keys()];
  }

  /** The JSON Schema of the arguments. */
  schema(): JsonSchema {
    const properties = [...this.#parameters].map(([name, parameter]) =>
      [name, propertySchema(parameter)] as const
    );
    const required = [...this.#parameters].filter(([, { required }]) => required)
      .map(([name]) => name);
    return {
      type: "object",
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    };
  }
}

function propertySchema(parameter: NewParameter): JsonValue {
  const { description, examples } = parameter;
  const base = typeof parameter.schema === "boolean" ? {} : parameter.schema;
  return {
    ...base,
    description,
    ...(parameter.default === undefined ? {} : { default: parameter.default }),
    ...(examples === undefined || examples.length === 0 ? {} : { examples }),
  };
}

/** `filter[status]` is `filter_status`, `$top` is `top`; what reads as a sentence is not a name. */
function cleanName(name: string): string {
  if (/\s\S+\s/.test(name)) return "value";
  const clean = name.replace(/[^A-Za-z0-9_.-]+/g, "_").replace(/^[_.-]+(?=.)|[_.-]+$/g, "");
  return (clean === "" ? "value" : clean).slice(0, MAX_NAME_LENGTH);
}
