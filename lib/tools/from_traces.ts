/**
 * Tools from recorded traffic, by rule and without a model: the same traces always give the same tools.
 *
 * Successful requests to the API's origins are taken apart into samples, samples of one method, path
 * template and named operation are one tool, and what differs between them (or looks as if it would)
 * becomes its parameters. Credentials and recorded values stay behind.
 */
import { isApiKeyName, isClientSecretName } from "../http/vocabulary.ts";
import type { Trace } from "../http/exchange.ts";
import { isSafeMethod, type ToolDefinition, type ToolField } from "./definition.ts";
import { answerOf } from "./derive/answer.ts";
import { sentAlike } from "./derive/batch.ts";
import { credentialValues, dataIndex, userNames } from "./derive/app_values.ts";
import { bodyTemplate, graphqlFields } from "./derive/body_template.ts";
import { constantHeaders } from "./derive/constant_headers.ts";
import { clientFields, meantMethod, METHOD_FIELD } from "./derive/client_constants.ts";
import type { CredentialCopy } from "./credential_places.ts";
import { copiedCredentials } from "./derive/copied_credentials.ts";
import type { CarriedCredentials, CredentialSpots } from "./derive/credential_spots.ts";
import { describeTool, quotedName } from "./derive/describe.ts";
import { destinationOf } from "./derive/destination.ts";
import { treeDepths } from "./derive/dav_tree.ts";
import { FetchFinder } from "./derive/fetched_values.ts";
import { fieldInputs, type FieldRules } from "./derive/field_inputs.ts";
import { type GuardSpots, guardSpots, withoutFields } from "./derive/guard_spots.ts";
import { LinkedIds } from "./derive/linked_ids.ts";
import { nameCandidates, namingContext, type ToolGroup, uniqueName } from "./derive/naming.ts";
import { ParameterSet } from "./derive/parameter_set.ts";
import { PathNames } from "./derive/path_names.ts";
import { pathParts } from "./derive/path_parts.ts";
import { pathTemplates, type TemplatePart, templateText } from "./derive/path_template.ts";
import { callKey } from "./derive/rpc_call.ts";
import { readSamples, type Sample } from "./derive/sample.ts";
import { SentForms } from "./derive/sent_form.ts";
import { OptionalFields } from "./derive/steering.ts";
import { onlyAsks } from "./derive/only_asks.ts";
import { splitSegment } from "./derive/segment_kind.ts";
import { selectSamples } from "./derive/select_samples.ts";
import type { UserNames } from "./derive/user_names.ts";

export interface DeriveOptions {
  /** Origins whose requests carry the credentials; empty: every origin of the capture. */
  readonly apiOrigins: readonly string[];
  readonly credentials: CredentialSpots;
  /** False when no login was found: calls then carry whatever the token has. Default: true. */
  readonly loginKnown?: boolean;
  /** Ids of the traces that are steps of the login or of the refresh. */
  readonly loginTraces?: readonly string[];
  /** What the user typed to log in, so that no path keeps it. Secret or personal. */
  readonly personal?: readonly string[];
  /** Values known to be the same for every user of the client, such as an application's key. */
  readonly clientConstants?: readonly string[];
}

/** The tools of an app in the order of their first use. `traces`: all of the app, in time order. */
export function deriveTools(traces: readonly Trace[], options: DeriveOptions): ToolDefinition[] {
  const copies = copiedCredentials(traces.map(({ request }) => request), options.credentials);
  const query = [...options.credentials.query, ...copies.map((copy) => copy.query)];
  const spots = { ...options.credentials, query };
  const guards = guardSpots(options.credentials, traces, options.loginTraces ?? []);
  const left = withoutFields(spots, guards);
  const all = traces.flatMap((trace, index) => readSamples(trace, index, left, spots));
  const personal = userNames(all, options.personal ?? []);
  const selection = {
    apiOrigins: options.apiOrigins,
    loginTraces: new Set(options.loginTraces ?? []),
  };
  const selected = selectSamples(all, selection, treeDepths(all, personal));
  const constants = clientFields(all);
  const known = { data: dataIndex(all), linked: new LinkedIds(all), personal };
  const placed = (samples: readonly Sample[]) =>
    [...Map.groupBy(samples, ({ url }) => url.origin).values()]
      .map((some) => ({ samples: some, templates: pathTemplates(some, known) }));
  // A page is named after the data of its name, and changes nothing about its path.
  const [origins, pages] = [placed(selected.samples), placed(selected.pages)];
  const pathNames = new PathNames(
    [...origins, ...pages].flatMap(({ templates }) => [...templates]),
  );
  const groups = [...groupsInOrder(origins), ...groupsInOrder(pages).map(namedAsPage)];
  const secrets = credentialValues(all, options.clientConstants ?? []);
  const finder = new FetchFinder(all, personal);
  const forms = new SentForms(all, personal);
  const optional = new OptionalFields(all);
  const tools: { readonly tool: ToolDefinition; readonly index: number }[] = [];
  const names = new Set<string>();
  for (const group of groups) {
    const name = uniqueName(group.names, names);
    const tool = makeTool(name, group, options, {
      copies,
      constants,
      finder,
      forms,
      guards,
      optional,
      pathNames,
      personal,
    });
    if (holdsAny(tool, secrets)) continue;
    names.add(name);
    tools.push({ tool, index: group.samples[0]!.index });
  }
  return tools.sort((a, b) => a.index - b.index).map(({ tool }) => tool);
}

type NamedGroup = ToolGroup & { readonly names: readonly string[] };

function groupsInOrder(
  origins: readonly {
    readonly samples: readonly Sample[];
    readonly templates: ReadonlyMap<Sample, readonly TemplatePart[]>;
  }[],
): NamedGroup[] {
  return origins.flatMap(({ samples, templates }) => namedGroups(samples, templates))
    .sort((a, b) => a.samples[0]!.index - b.samples[0]!.index);
}

function namedAsPage(group: NamedGroup): NamedGroup {
  const [name = "get"] = group.names;
  return { ...group, names: [name, `${name}_page`] };
}

/** The tools of one origin, each with its names in order of preference. */
function namedGroups(
  samples: readonly Sample[],
  templates: ReadonlyMap<Sample, readonly TemplatePart[]>,
): NamedGroup[] {
  const groups = groupByTool(samples, templates);
  const context = namingContext(groups);
  return groups.map((group) => ({ ...group, names: nameCandidates(group, context) }));
}

function groupByTool(
  samples: readonly Sample[],
  templates: ReadonlyMap<Sample, readonly TemplatePart[]>,
): ToolGroup[] {
  const groups = Map.groupBy(samples, (sample) =>
    [
      sample.method,
      templateText(templates.get(sample)!),
      callKey(sample.call),
      meantMethod(sample),
      sample.body.kind === "none" ? "" : sample.body.kind,
    ].join("\n"));
  return [...groups.values()].map((members) => ({
    samples: sentAlike(members),
    parts: templates.get(members[0]!)!,
  }));
}

/** What is known of fields by all of the app's requests. */
interface KnownFields {
  readonly copies: readonly CredentialCopy[];
  /** Names of fields that hold a constant of the client. */
  readonly constants: ReadonlySet<string>;
  /** Where pages hand out what later requests carry. */
  readonly finder: FetchFinder;
  readonly forms: SentForms;
  /** Places of credentials that guard what changes something. */
  readonly guards: GuardSpots;
  readonly pathNames: PathNames;
  /** Who was logged in. */
  readonly personal: UserNames;
  /** What reading requests can do without. */
  readonly optional: OptionalFields;
}

function makeTool(
  name: string,
  { samples, parts }: ToolGroup,
  options: DeriveOptions,
  { copies, constants, finder, forms, guards, optional: known, pathNames, personal }: KnownFields,
): ToolDefinition {
  const first = samples[0]!;
  const parameters = new ParameterSet(pathNames, personal);
  const named = pathParts(
    parts,
    parameters,
    samples,
    (at, name) =>
      pathNames.pathNameFor(name, samples.map(({ segments }) => splitSegment(segments[at]!).value)),
  );
  const path = templateText(named);
  const clientConstants = new Set(options.clientConstants ?? []);
  const fetches = finder.forTool(samples, named, guards);
  const optional = known.forTool(samples);
  const query = queryFields(samples, parameters, clientConstants, {
    fetches,
    optional,
    steady: known.steady,
  });
  const body = bodyTemplate(samples, parameters, {
    clients: constants,
    fetches,
    form: forms.forTool(samples),
    optional,
  });
  fetches.addHeaders(options.credentials);
  const destination = destinationOf(samples, parameters);
  const answer = answerOf(samples);
  const carried = samples.map((sample) => sample.carried);
  const fetched = new Set(
    fetches.all.filter(({ header }) => header === null).map(({ name }) => name),
  );
  return {
    name,
    description: describeTool({ operation: operationOf(first), answer }),
    method: first.method,
    origin: first.url.origin,
    path,
    query,
    headers: constantHeaders(samples, options.credentials, clientConstants),
    body,
    ...(destination === null ? {} : { destination }),
    ...(parameters.user === null ? {} : { user: parameters.user }),
    ...(fetches.all.length === 0 ? {} : { fetches: fetches.all }),
    parameters: parameters.schema(),
    requiresAuth: carried.some(({ values }) => values.length > 0),
    credentials: placesOf(
      carried.map((one) => withoutFields(one, { fields: fetched })),
      copies,
      options.loginKnown !== false,
    ),
    safe: isSafeMethod(first.method) || samples.every(onlyAsks),
    answer,
    traces: [...new Set(samples.map(({ trace }) => trace.id))],
  };
}

/** `null` where no login was found; a copy of a credential is known all the same. */
function placesOf(
  carried: readonly CarriedCredentials[],
  copies: readonly CredentialCopy[],
  loginKnown: boolean,
): ToolDefinition["credentials"] {
  const names = new Set(carried.flatMap(({ query }) => query));
  const used = copies.filter(({ query }) => names.has(query));
  if (!loginKnown && used.length === 0) return null;
  return {
    query: [...names].filter((name) => !used.some(({ query }) => query === name)),
    body: [...new Set(carried.flatMap(({ body }) => body))],
    ...(used.length === 0 ? {} : { copies: used }),
  };
}

/** The operation in words, where the path does not say it. */
function operationOf({ call }: Sample): string | null {
  if (call === null) return null;
  const name = quotedName(call.name);
  if (call.kind === "graphql") return `GraphQL ${call.type}${name}`;
  return name === "" ? null : `Operation${name}`;
}

function queryFields(
  samples: readonly Sample[],
  parameters: ParameterSet,
  clientConstants: ReadonlySet<string>,
  rules: Pick<FieldRules, "fetches" | "optional" | "steady">,
): ToolField[] {
  const call = samples[0]!.call;
  if (call?.kind === "graphql" && call.carrier === "query") {
    const calls = samples.map((sample) => sample.call).filter((one) => one?.kind === "graphql");
    return graphqlFields(calls, parameters);
  }
  const constants = call?.kind === "controller" && call.carrier === "query" ? [call.parameter] : [];
  const keys = samples[0]!.query.map(([name]) => name)
    .filter((name) => isApplicationKey(name, samples, clientConstants));
  return fieldInputs(
    samples.map(({ query }) => query),
    parameters,
    "query",
    { ...rules, constants: new Set([...constants, ...keys, METHOD_FIELD]) },
  );
}

/** The key of the client in the query of every sample, as the login sends it too. */
function isApplicationKey(
  name: string,
  samples: readonly Sample[],
  clientConstants: ReadonlySet<string>,
): boolean {
  if (!isApiKeyName(name) && !isClientSecretName(name)) return false;
  const sent = samples.map(({ query }) => query.filter(([other]) => other === name));
  const value = sent[0]![0]![1];
  return clientConstants.has(value) &&
    sent.every((pairs) => pairs.length === 1 && pairs[0]![1] === value);
}

/** The last line of defence: a tool that would hold a credential is not a tool. */
function holdsAny(tool: ToolDefinition, secrets: readonly string[]): boolean {
  const text = JSON.stringify(tool);
  return secrets.some((secret) => text.includes(JSON.stringify(secret).slice(1, -1)));
}
