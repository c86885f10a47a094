/** What `auth login --remember` put into the keychain of the system, as the configuration names it. */
import type { Config } from "../base/config.ts";
import type { Home } from "../store/home.ts";
import { itemName } from "../token/token_item.ts";

export const ANSWERS_SERVICE = "keysmith-answers";

export interface RememberedItem {
  /** With its account or environment. */
  readonly app: string;
  /** Of the prompt. */
  readonly label: string;
  /** In the keychain, under `ANSWERS_SERVICE`. */
  readonly account: string;
}

export function answerItem(home: Home, app: string, label: string): string {
  return `${itemName(home, app)} ${label}`;
}

/** Of these names alone, and put there from this home. */
export function rememberedItems(
  home: Home,
  { apps }: Pick<Config, "apps">,
  names: readonly string[],
): RememberedItem[] {
  return names.flatMap((app) => {
    const own = `${ANSWERS_SERVICE}/${answerItem(home, app, "")}`;
    return [...apps.get(app)?.answers ?? []].flatMap(([label, source]) =>
      source.type === "osKeychain" && source.value.startsWith(own)
        ? [{ app, label, account: source.value.slice(ANSWERS_SERVICE.length + 1) }]
        : []
    );
  });
}
