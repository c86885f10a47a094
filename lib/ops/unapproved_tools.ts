/** A service of a working folder whose configuration is not approved: its name, and why it offers nothing. */
import type { UnapprovedFile } from "../base/config.ts";
import { folderConsentNeeded } from "./folder_consent.ts";
import type { ToolOwner } from "./tool_owner.ts";

export class UnapprovedTools implements ToolOwner {
  readonly kind = "service";
  readonly name: string;
  readonly #file: UnapprovedFile;

  constructor(name: string, file: UnapprovedFile) {
    this.name = name;
    this.#file = file;
  }

  list(): Promise<never> {
    return this.#refuse();
  }

  show(): Promise<never> {
    return this.#refuse();
  }

  call(): Promise<never> {
    return this.#refuse();
  }

  #refuse(): Promise<never> {
    return Promise.reject(folderConsentNeeded(this.#file));
  }
}
