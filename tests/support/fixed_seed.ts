/**
 * Loaded before the tests of `deno task test`: properties draw the same cases in each run, so that one commit
 * passes or fails for good. `deno test PATH` and `deno task fuzz` draw new ones each time; what they find fails
 * with its seed.
 */
import fc from "fast-check";

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_129 });
