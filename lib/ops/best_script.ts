/** The script of a model that came nearest: never run, kept to look at. */
import { writeFileAtomic } from "../store/atomic.ts";
import type { Home } from "../store/home.ts";

export class BestScript {
  readonly #path: string;
  #isKept = false;

  constructor(home: Home, app: string) {
    this.#path = home.appFile(app, "auth_acquire.model.ts");
  }

  async keep(source: string): Promise<void> {
    await writeFileAtomic(this.#path, source);
    this.#isKept = true;
  }

  /** A sentence that names it; none where no script was tried. */
  named(): string[] {
    return this.#isKept ? [`its best script, which did not pass, is ${this.#path}`] : [];
  }
}
