/** The proof of a script as the record of the script keeps it. */
import {
  choiceField,
  field,
  isBoolean,
  isList,
  isNullOr,
  isString,
  objectOf,
  textFields,
} from "./fields.ts";

/** As `replay/` writes it. */
export interface ProofRecord {
  readonly passed: boolean;
  readonly steps: readonly {
    readonly step: string;
    readonly trace: string;
    readonly method: string;
    readonly url: string;
    readonly status: "asked" | "missing" | "mismatch";
  }[];
  readonly mismatches: readonly {
    readonly step: string | null;
    readonly trace: string | null;
    readonly where: string;
    readonly problem: string;
  }[];
  /** What the proof took on trust. Records of earlier versions have none. */
  readonly assumptions: readonly AssumptionRecord[];
  readonly refresh: "proven" | "failed" | "none";
  readonly scriptSha256: string;
  /** ISO 8601, UTC. */
  readonly provedAt: string;
}

/** As `judge/` writes it. */
export interface AssumptionRecord {
  readonly trace: string | null;
  readonly where: string;
  readonly as: "constant" | "generated" | "typed";
  readonly why: string;
  readonly isSettled: boolean;
}

/** @throws {TypeError} naming the member that is wrong. */
export function validateProof(value: unknown): ProofRecord {
  const members = [
    "passed",
    "steps",
    "mismatches",
    "assumptions",
    "refresh",
    "scriptSha256",
    "provedAt",
  ];
  const fields = objectOf(value, members, `"proof"`);
  return {
    passed: field(fields, "passed", isBoolean, "true or false"),
    steps: field(fields, "steps", isList, "a list").map(validateProofStep),
    mismatches: field(fields, "mismatches", isList, "a list").map(validateMismatch),
    assumptions: fields["assumptions"] === undefined
      ? []
      : field(fields, "assumptions", isList, "a list").map(validateAssumption),
    refresh: choiceField(fields, "refresh", ["proven", "failed", "none"]),
    ...textFields(fields, ["scriptSha256", "provedAt"]),
  };
}

function validateProofStep(value: unknown): ProofRecord["steps"][number] {
  const members = ["step", "trace", "method", "url", "status"];
  const fields = objectOf(value, members, `an entry of "steps"`);
  return {
    ...textFields(fields, ["step", "trace", "method", "url"]),
    status: choiceField(fields, "status", ["asked", "missing", "mismatch"]),
  };
}

function validateMismatch(value: unknown): ProofRecord["mismatches"][number] {
  const fields = objectOf(value, ["step", "trace", "where", "problem"], `an entry of "mismatches"`);
  return {
    step: field(fields, "step", isNullOr(isString), "a text or null"),
    trace: field(fields, "trace", isNullOr(isString), "a text or null"),
    ...textFields(fields, ["where", "problem"]),
  };
}

function validateAssumption(value: unknown): AssumptionRecord {
  const members = ["trace", "where", "as", "why", "isSettled"];
  const fields = objectOf(value, members, `an entry of "assumptions"`);
  return {
    trace: field(fields, "trace", isNullOr(isString), "a text or null"),
    as: choiceField(fields, "as", ["constant", "generated", "typed"]),
    isSettled: field(fields, "isSettled", isBoolean, "true or false"),
    ...textFields(fields, ["where", "why"]),
  };
}
