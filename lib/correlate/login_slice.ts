/** The slice of a login: its own requests as steps, with what was typed into them, and what they rest on. */
import { isIdentifierName } from "../http/vocabulary.ts";
import { requireSubmission } from "./code_sender.ts";
import { holdsComputed } from "./computed_secret.ts";
import { Explainer } from "./explain.ts";
import { type Findings, NO_FINDINGS } from "./finding.ts";
import { IssuedCredentials } from "./issued_credential.ts";
import { KnownValues } from "./known_values.ts";
import type { LoginRequest } from "./login_run.ts";
import { spanOf } from "./login_span.ts";
import { isToldButUnsent } from "./login_styles/exchanged.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { ApiTraffic } from "./sink.ts";
import { findApiTraffic } from "./sinks.ts";
import { Slice } from "./slice.ts";
import { toldPasswords } from "./told_passwords.ts";
import type { TypedValue } from "./typed_value.ts";

/** The login's own requests as steps, and what the app's requests carry after them. */
export function sliceOf(
  evidence: Evidence,
  run: readonly LoginRequest[],
  findings: Findings = NO_FINDINGS,
): { slice: Slice; traffic: ApiTraffic } {
  const { recording, provenance, hints } = evidence;
  const known = new KnownValues(findings.functions.map(({ name }) => name));
  const isSecretUnsent = isToldButUnsent(evidence);
  const explainer = new Explainer(recording, provenance, known, { findings, isSecretUnsent });
  // What was told under a name of its own may be who logs in.
  const typedNow = new Set(run.flatMap(({ typed }) => typed.map(({ value }) => value)));
  for (const typed of hints.toSorted((a, b) => Number(isUsers(b)) - Number(isUsers(a)))) {
    if (typed.kind !== "other" || !typedNow.has(typed.value)) known.input(typed);
  }
  const found = new Set(findings.values.map(({ value }) => value));
  const told = toldPasswords(run, hints);
  for (const submission of run) {
    typeSubmission(submission, explainer, { found, told });
    for (const place of submission.computed ?? []) explainer.leaveOpen(submission.index, place);
  }
  const indexes = run.map(({ index }) => index);
  const span = spanOf(indexes, recording);
  const issued = new IssuedCredentials(recording, span);
  const slice = new Slice(explainer, new Set(indexes), span, issued);
  const traffic = findApiTraffic(evidence, span, issued);
  for (const submission of run) requireSubmission(submission, recording, slice, run);
  for (const { index, trace } of recording.messages) {
    if (findings.steps.includes(trace.id)) slice.require(index);
  }
  return { slice, traffic };
}

/** The first name that is asked for is the user's; one beside it goes by its field. */
function isUsers({ kind, name }: TypedValue): boolean {
  return kind === "identifier" && isIdentifierName(name);
}

/**
 * A password field that holds a digest was not typed: it is computed, which trials must show. Nor was one
 * that holds something else than the password which was told.
 */
function typeSubmission(
  submission: LoginRequest,
  explainer: Explainer,
  { found, told }: { readonly found: ReadonlySet<string>; readonly told: ReadonlySet<string> },
): void {
  for (const typed of submission.typed) {
    const isTold = told.size === 0 || told.has(typed.value);
    if (typed.kind === "password" && (holdsComputed(typed.value) || !isTold)) continue;
    if (found.has(typed.value)) continue;
    explainer.type(submission.index, typed);
  }
}
