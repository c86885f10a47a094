/** What is known of an app by all of its requests: its data, who used it, and with which credentials. */
import { DataIndex } from "./evidence.ts";
import { identifiersIn } from "./login_traffic.ts";
import type { Sample } from "./sample.ts";
import { UserNames } from "./user_names.ts";

/** Shorter credentials are found in texts by chance. In UTF-16 units. */
const MIN_CREDENTIAL_LENGTH = 8;

/** Where data stood, in time order. */
export function dataIndex(samples: readonly Sample[]): DataIndex {
  const data = new DataIndex();
  for (const { answer, body, segments, index, trace } of samples) {
    if (trace.noise !== null) continue;
    const path = segments.join("/");
    if (body.kind === "json") data.add(body.value, { path, index, side: "request" });
    if (answer.kind === "json") data.add(answer.value, { path, index, side: "answer" });
  }
  return data;
}

/** What was typed to log in, unless the login page itself has it in its path, as `/admin/login` has. */
export function userNames(samples: readonly Sample[], known: readonly string[]): UserNames {
  const typed = [...known, ...samples.flatMap(identifiersIn)];
  const open = new Set(
    samples.filter(({ carried }) => carried.values.length === 0)
      .flatMap(({ segments }) => segments),
  );
  return new UserNames(typed.filter((value) => value !== "" && !open.has(value)));
}

/**
 * The credentials that requests carried, those too short to be found in texts left out, and the application's
 * own key, which some clients send as a bearer token as well until somebody is logged in. Secret.
 */
export function credentialValues(
  samples: readonly Sample[],
  clientConstants: readonly string[],
): string[] {
  const values = samples.flatMap(({ carried }) => carried.values);
  const isSecret = (value: string) =>
    value.length >= MIN_CREDENTIAL_LENGTH && !clientConstants.includes(value);
  return [...new Set(values)].filter(isSecret);
}
