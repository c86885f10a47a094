/**
 * What a service's document said when its secrets were first used: the origins it is served from and what
 * each of its schemes is, token endpoints included. From then on the document may not lead the secrets
 * elsewhere; a change waits until the user approves it. Pure.
 */
import type { SecurityScheme } from "../openapi/security.ts";

export interface Approval {
  /** Origins the document named. */
  readonly origins: readonly string[];
  /** Origins the user approved for secrets of their own configuration file. */
  readonly userOrigins: readonly string[];
  /** What each scheme was, by name, as `describeScheme` says it; several after an approval. */
  readonly schemes: Readonly<Record<string, readonly string[]>>;
}

/** A scheme in words, with everything that decides where a secret goes. */
export function describeScheme(scheme: SecurityScheme): string {
  switch (scheme.type) {
    case "http":
      return `http ${scheme.scheme}`;
    case "apiKey":
      return `apiKey in ${scheme.in} "${scheme.parameterName}"` +
        (scheme.amazonAuthType === null ? "" : ` (${scheme.amazonAuthType})`);
    case "openIdConnect":
      return `openIdConnect ${scheme.openIdConnectUrl ?? ""}`;
    case "oauth2": {
      const flows = scheme.flows.map((flow) => {
        const urls = [
          flow.authorizationUrl,
          flow.tokenUrl,
          flow.deviceAuthorizationUrl,
          flow.refreshUrl,
        ];
        return [flow.type, ...urls.filter((url) => url !== null)].join(" ");
      });
      const metadata = scheme.oauth2MetadataUrl === null
        ? []
        : [`metadata ${scheme.oauth2MetadataUrl}`];
      return ["oauth2", [...flows, ...metadata].join(", ")].join(" ").trim();
    }
    default:
      return scheme.type;
  }
}

/** What the document says now. */
export function observe(
  origins: readonly string[],
  schemes: Iterable<SecurityScheme>,
): Approval {
  const described = [...schemes].map((scheme) => [scheme.name, [describeScheme(scheme)]]);
  return {
    origins: [...new Set(origins)],
    userOrigins: [],
    schemes: Object.fromEntries(described),
  };
}

/** What the scheme was when that differs from what it is now; `null` when nothing changed. */
export function changeOf(
  approval: Approval | null,
  scheme: SecurityScheme,
): { readonly before: string; readonly now: string } | null {
  const isDeclared = scheme.type !== "undeclared" && scheme.type !== "unknown";
  if (approval === null || !isDeclared) return null;
  const now = describeScheme(scheme);
  const known = Object.hasOwn(approval.schemes, scheme.name) ? approval.schemes[scheme.name]! : [];
  if (known.includes(now)) return null;
  return { before: known.at(-1) ?? "no scheme of this name", now };
}

/** The approval with all that is observed allowed too. `userOrigins`: for the user's own secrets as well. */
export function widen(
  approval: Approval | null,
  observed: Approval,
  userOrigins: readonly string[],
): Approval {
  const before = approval ?? { origins: [], userOrigins: [], schemes: {} };
  const schemes = Object.entries(observed.schemes).map(([name, now]) => {
    const known = Object.hasOwn(before.schemes, name) ? before.schemes[name]! : [];
    return [name, [...new Set([...known, ...now])]];
  });
  return {
    origins: [...new Set([...before.origins, ...observed.origins])],
    userOrigins: [...new Set([...before.userOrigins, ...userOrigins])],
    schemes: { ...before.schemes, ...Object.fromEntries(schemes) },
  };
}

/** What `widen` would add, as sentences for the one who approves. */
export function additions(
  approval: Approval | null,
  observed: Approval,
  userOrigins: readonly string[],
): string[] {
  const known = approval ?? { origins: [], userOrigins: [], schemes: {} };
  const newSchemes = Object.entries(observed.schemes).filter(([name, [now = ""]]) =>
    !(Object.hasOwn(known.schemes, name) && known.schemes[name]!.includes(now))
  );
  return [
    ...observed.origins.filter((origin) => !known.origins.includes(origin))
      .map((origin) => `Secrets of the service may go to ${origin}`),
    ...userOrigins.filter((origin) => !known.userOrigins.includes(origin))
      .map((origin) => `Secrets of your own configuration may go to ${origin}`),
    ...newSchemes.map(([name, [now = ""]]) => `Scheme "${name}" is ${now}`),
  ];
}
