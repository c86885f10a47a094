/** The version, and in a compiled executable the commit it was built from. */
import project from "../../deno.json" with { type: "json" };
import { BUILD_COMMIT } from "#build-commit";

/** `keysmith 0.1.0 (1a2b3c4d5e6f)`. */
export function versionText(): string {
  return `keysmith ${project.version}${BUILD_COMMIT === null ? "" : ` (${BUILD_COMMIT})`}`;
}
