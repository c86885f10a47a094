/** A process with the executable's list of programs: tries each way to start one, prints what came of it, and ends itself. */
import {
  anyProgram,
  endThisProcess,
  hasToolElsewhere,
  keepPrograms,
  ownProgram,
  type ProgramStart,
  toolProgram,
} from "../../lib/base/permitted_programs.ts";

const FOLDER = Deno.args[0]!;
const decoder = new TextDecoder();

function outcome(start: () => ProgramStart): string {
  try {
    const { program, args, environment } = start();
    const { stdout, code } = new Deno.Command(program, { args, ...environment }).outputSync();
    return code === 0 ? decoder.decode(stdout).trim() : `exit code ${code}`;
  } catch (error) {
    return (error as Error).name;
  }
}

const plain = (program: string, args: string[]) => ({ program, args, environment: {} });
const show = ["-c", 'echo "$LD_TRIED $KEPT $0"', "first=word"];
const tries = () => ({
  own: ownProgram(),
  any: outcome(() => anyProgram("sh", show)),
  odd: outcome(() => anyProgram(`${FOLDER}/a=b`, ["given"])),
  missing: outcome(() => anyProgram("no-such-program-anywhere", [])),
  directly: outcome(() => plain("sh", show)),
  asAnother: outcome(() => plain("/usr/bin/env", ["true"])),
  listed: outcome(() => toolProgram("xdg-open", ["https://example.com/"])),
  elsewhere: outcome(() => toolProgram("secret-tool", ["lookup"])),
});

const before = tries();
keepPrograms("listed");
const after = tries();
keepPrograms("own");
console.log(JSON.stringify({ before, after, own: tries(), hasToolElsewhere: hasToolElsewhere() }));
endThisProcess();
while (true); // as a program that is lost in a computation
