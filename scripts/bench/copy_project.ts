import { copyFolder } from "./copy_folder.ts";

/** What a copy of the project runs with: program, scripts, tests and their fixtures. `root` ends with a slash. */
export async function copyProject(root: string, folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const name of ["deno.json", "deno.lock", "main.ts", "sandbox_main.ts"]) {
    await Deno.copyFile(root + name, `${folder}/${name}`);
  }
  for (const name of ["lib", "scripts", "tests", "fixtures"]) {
    await copyFolder(root + name, `${folder}/${name}`);
  }
}
