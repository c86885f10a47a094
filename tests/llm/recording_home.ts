/** A Keysmith home with one app and one recording. */
import type { Trace } from "../../lib/http/exchange.ts";
import { writeAppInfo } from "../../lib/store/app_file.ts";
import { Home } from "../../lib/store/home.ts";
import { TraceStore } from "../../lib/store/trace_store.ts";
import { withTempFolder } from "../support/temp_folder.ts";

export const APP = "shop";

const CREATED = "2026-01-01T00:00:00.000Z";

export async function withRecording<T>(
  traces: readonly Trace[],
  origin: string,
  work: (folder: string, home: Home) => Promise<T>,
): Promise<T> {
  return await withTempFolder(async (folder) => {
    const home = new Home(folder);
    await writeAppInfo(home, {
      name: APP,
      displayName: APP,
      baseUrls: [origin],
      created: CREATED,
      updated: CREATED,
    });
    storeTraces(home, traces);
    return await work(folder, home);
  });
}

function storeTraces(home: Home, traces: readonly Trace[]): void {
  using store = TraceStore.open(home.appFile(APP, "captures.db"));
  store.addCapture(
    {
      file: "recording.har",
      sha256: "0".repeat(64),
      importedAt: CREATED,
      creator: "test",
      skipped: 0,
      sanitised: false,
    },
    traces,
  );
}
