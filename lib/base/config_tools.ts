/** What the configuration says of the tools of an app or a service: which are offered, and how long a call may take. */
import type { ToolSettings } from "./config.ts";
import type { ConfigNode } from "./config_node.ts";
import { matchesGlob } from "./glob.ts";

const MAX_TIMEOUT_SEC = 3_600;
const METHOD = /^[A-Za-z][A-Za-z-]*$/;

export const NO_TOOL_SETTINGS: ToolSettings = {
  tags: [],
  methods: [],
  paths: [],
  match: [],
  pin: [],
  timeoutSec: null,
  timeouts: {},
};

export function readToolSettings(node: ConfigNode | undefined): ToolSettings {
  if (node === undefined) return NO_TOOL_SETTINGS;
  const { timeoutSec, timeouts, methods, ...fields } = node.fields(
    ["tags", "methods", "paths", "match", "pin", "timeoutSec", "timeouts"],
  );
  return {
    tags: fields.tags?.strings() ?? [],
    methods: methods?.items().map(readMethod) ?? [],
    paths: fields.paths?.strings() ?? [],
    match: fields.match?.strings() ?? [],
    pin: fields.pin?.strings() ?? [],
    timeoutSec: timeoutSec?.number(0.1, MAX_TIMEOUT_SEC) ?? null,
    timeouts: Object.fromEntries(
      (timeouts?.entries() ?? []).map((
        [pattern, one],
      ) => [pattern, one.number(0.1, MAX_TIMEOUT_SEC)]),
    ),
  };
}

function readMethod(node: ConfigNode): string {
  const method = node.string();
  if (!METHOD.test(method)) node.fail("is not an HTTP method", `Such as "GET"`);
  return method.toUpperCase();
}

/**
 * Of a call of a tool, in milliseconds: the tool's own (by its name, else by the first pattern that fits), else
 * the owner's; `undefined` where neither is set.
 */
export function configuredTimeoutMs(
  { timeouts, timeoutSec }: ToolSettings,
  tool: string,
): number | undefined {
  const named = Object.hasOwn(timeouts, tool) ? timeouts[tool] : undefined;
  const own = named ??
    Object.entries(timeouts).find(([pattern]) => matchesGlob(pattern, tool))?.[1];
  const seconds = own ?? timeoutSec;
  return seconds === null ? undefined : seconds * 1_000;
}
