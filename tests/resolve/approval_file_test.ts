import assert from "node:assert/strict";
import { join } from "node:path";
import type { ServiceConfig } from "../../lib/base/config.ts";
import { readApproval, updateApproval } from "../../lib/resolve/approval_file.ts";
import { Home } from "../../lib/store/home.ts";
import { withTempFolder } from "../support/temp_folder.ts";

function service(name: string, layer: "user" | "project"): Pick<ServiceConfig, "name" | "origin"> {
  return { name, origin: { layer, file: "/work/shop/keysmith.yaml" } as ServiceConfig["origin"] };
}

Deno.test("services whose names differ in case alone have files that a file system without case tells apart", () =>
  withTempFolder(async (folder) => {
    const home = new Home(folder);
    const names = ["shop", "Shop", "SHOP", "sHop"];
    for (const name of names) {
      for (const layer of ["user", "project"] as const) {
        const approval = { origins: [`https://${name}`, layer], userOrigins: [], schemes: {} };
        await updateApproval(home, service(name, layer), () => approval);
      }
    }
    const files = [...Deno.readDirSync(join(folder, "services"))].map(({ name }) => name)
      .filter((name) => name.endsWith(".json"));
    assert.equal(new Set(files.map((name) => name.toLowerCase())).size, 2 * names.length);
    assert.ok(files.includes("shop.json"));
    for (const name of names) {
      const kept = await readApproval(home, service(name, "user"));
      assert.deepEqual(kept?.origins, [`https://${name}`, "user"]);
    }
  }));
