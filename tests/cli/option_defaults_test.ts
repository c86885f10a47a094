import assert from "node:assert/strict";
import { Command as Commander } from "commander";
import { type CommandEntry, COMMANDS } from "../../lib/cli/command_table.ts";
import type { Command } from "../../lib/cli/command.ts";
import { Flags } from "../../lib/cli/flags.ts";
import { understand } from "../../lib/cli/program.ts";
import { GLOBAL_OPTIONS } from "../../lib/cli/root_help.ts";

const UNREAD = { out: () => {}, err: () => {} };

function wordsOf({ group, name }: CommandEntry, { operands }: Command<unknown>): string[] {
  return [...group === null ? [] : [group], name, ...operands.map((_, index) => `word${index}`)];
}

/** What commander says when it knows every option before it begins to parse. */
function eagerDefaults({ operands, options }: Command<unknown>): Record<string, unknown> {
  const commander = new Commander().exitOverride();
  for (const [flags, summary] of GLOBAL_OPTIONS) commander.option(flags, summary);
  for (const [notation] of operands) commander.argument(notation);
  for (const { flags, summary } of options) commander.option(flags, summary);
  return commander.parse(operands.map((_, index) => `word${index}`), { from: "user" }).opts();
}

/** The options that `parse` asks for, by the names it asks with. */
class AskedFlags extends Flags {
  readonly asked = new Set<string>();

  override on(name: string): boolean {
    this.asked.add(name);
    return super.on(name);
  }

  override off(name: string): boolean {
    this.asked.add(name);
    return super.off(name);
  }

  override text(name: string): string | undefined {
    this.asked.add(name);
    return super.text(name);
  }

  override list(name: string): string[] {
    this.asked.add(name);
    return super.list(name);
  }
}

function namesOf({ options }: Command<unknown>): Map<string, { flags: string; alone: boolean }> {
  const commander = new Commander();
  for (const { flags } of options) commander.option(flags, "");
  for (const [flags] of GLOBAL_OPTIONS) commander.option(flags, "");
  const positive = new Set(
    commander.options.filter(({ negate }) => !negate).map((option) => option.attributeName()),
  );
  return new Map(
    commander.options.map((option) => {
      const name = option.attributeName();
      return [name, { flags: option.long!, alone: option.negate && !positive.has(name) }];
    }),
  );
}

for (const entry of COMMANDS) {
  const title = [entry.group ?? "", entry.name].join(" ").trim();

  Deno.test(`keysmith ${title} has the defaults it would have if it were loaded from the start`, async () => {
    const { command } = await entry.load();
    const words = wordsOf(entry, command);
    const understood = await understand(words, UNREAD);
    assert.ok(understood.kind === "run");
    const eager = new Flags(eagerDefaults(command));
    assert.deepEqual(understood.input, command.parse(words.slice(words.indexOf("word0")), eager));
    for (const [name, { flags, alone }] of namesOf(command)) {
      assert.equal(understood.flags.on(name), alone, `${flags} when it is left out`);
      if (!alone) continue;
      const given = await understand([...words, flags], UNREAD);
      assert.ok(given.kind === "run");
      assert.equal(given.flags.on(name), false, `${flags} when it is given`);
    }
  });

  Deno.test(`keysmith ${title} asks for no option that it does not declare`, async () => {
    const { command } = await entry.load();
    const flags = new AskedFlags({});
    const words = wordsOf(entry, command);
    command.parse(words.filter((word) => word.startsWith("word")), flags);
    const declared = new Set(namesOf(command).keys());
    assert.deepEqual([...flags.asked].filter((name) => !declared.has(name)), []);
  });
}
