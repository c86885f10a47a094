/** Which captures of an app have no bodies any more, since they were to go once the login is proven. */
import type { Home } from "../store/home.ts";
import { TraceStore } from "../store/trace_store.ts";

/** False where the bodies of all captures are gone. */
export function canAnalyze(home: Home, app: string): boolean {
  using store = TraceStore.open(home.appFile(app, "captures.db"), { readOnly: true });
  return store.captures().length > forgottenCaptures(store).size;
}

/** The captures whose bodies are gone. */
export function forgottenCaptures(store: TraceStore): Set<string> {
  return new Set(
    store.captures().map(({ id }) => id).filter((id) => store.holdings(id).bodies === "forgotten"),
  );
}

/** The traces of these, by their names. */
export function tracesWithoutBodies(home: Home, app: string): Set<string> {
  using store = TraceStore.open(home.appFile(app, "captures.db"), { readOnly: true });
  const forgotten = forgottenCaptures(store);
  if (forgotten.size === 0) return new Set();
  const heads = store.traces({ withoutBodies: true, includeNoise: true });
  return new Set(heads.filter(({ captureId }) => forgotten.has(captureId)).map(({ id }) => id));
}
