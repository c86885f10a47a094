/** The login that findings point to: what was found to be computed of something typed is handed over there. */
import { partsOf } from "./expr_walk.ts";
import type { Finding, Findings } from "./finding.ts";
import { isSamePlace } from "./found_values.ts";
import { describePlace, type Leaf } from "./leaves.ts";
import type { LoginRequest } from "./login_run.ts";
import type { FoundLogin } from "./login_styles/style.ts";
import type { Message, Recording } from "./recording.ts";
import { typedAs } from "./typed_value.ts";

/** `login`, unless it names no request and findings do. */
export function orFoundLogin(
  login: FoundLogin,
  { values }: Findings,
  recording: Recording,
): FoundLogin {
  if ("submissions" in login && login.submissions.length > 0) return login;
  const secrets = values.filter(({ expr }) =>
    partsOf(expr).some((part) => part.kind === "typed" && part.secret)
  );
  const submissions = recording.messages.flatMap((message) => submissionOf(message, secrets));
  return submissions.length === 0 ? login : { submissions: submissions.slice(0, 1) };
}

function submissionOf(message: Message, secrets: readonly Finding[]): LoginRequest[] {
  if (!message.succeeded || message.isScriptOrStyle) return [];
  const sealed = message.leaves.filter((leaf) =>
    secrets.some((one) => isFoundAt(one, message, leaf))
  );
  if (sealed.length === 0) return [];
  const typed = sealed.map(typedAs("password", "it was found to be computed of what was typed"));
  return [{ index: message.index, typed }];
}

function isFoundAt({ value, at }: Finding, { trace }: Message, leaf: Leaf): boolean {
  return value === leaf.value &&
    (at === null || at.trace === trace.id && isSamePlace(at.place, describePlace(leaf.place)));
}
