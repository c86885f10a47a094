/** An environment of an app in a configuration file: where the same application runs beside the recorded place. */
import type { EnvironmentHosts } from "./config.ts";
import type { ConfigNode } from "./config_node.ts";
import { originOf } from "./origin.ts";

const NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** One origin, or the origins by the recorded ones. */
export function readEnvironment(name: string, node: ConfigNode): EnvironmentHosts {
  if (!NAME.test(name)) node.fail("is not the name of an environment", `Such as "staging"`);
  if (typeof node.value === "string") return origin(node);
  return Object.fromEntries(
    node.entries().map(([recorded, place]) => [
      originOf(recorded) ?? place.fail(`stands for "${recorded}", which is not an origin`, EXAMPLE),
      origin(place),
    ]),
  );
}

const EXAMPLE = "Such as https://shop.example: https://staging.shop.example";

function origin(node: ConfigNode): string {
  return originOf(node.string()) ??
    node.fail("must be an origin: http or https, host and port, no path", EXAMPLE);
}
