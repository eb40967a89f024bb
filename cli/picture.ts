/** `npm run picture` draws the system into the pages, as the stack of prod declares it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDeclared } from "../console/system/declared";
import { mapOf } from "../console/system/map";
import { command, main, run } from "../lib/command";
import { mermaid } from "./picture/mermaid";
import { PAGES, withPicture } from "./picture/pages";

const ENVIRONMENT = "prod";

const draw = (): number => {
  const folder = mkdtempSync(join(tmpdir(), "orders-picture-"));
  try {
    const args = [join(__dirname, "main.js"), "--environment", ENVIRONMENT, "--outdir", folder];
    const app = spawnSync(process.execPath, args, { stdio: "inherit" });
    if (app.status !== 0) return 1;
    const picture = mermaid(mapOf(readDeclared(join(folder, "stacks", ENVIRONMENT))));
    for (const page of PAGES) {
      const drawn = withPicture(readFileSync(page, "utf8"), picture);
      if (drawn === undefined) throw new Error(`${page}: has no block of Mermaid to draw into`);
      writeFileSync(page, drawn);
    }
    return 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const program = command("picture")
  .description(`draw the system into ${PAGES.join(" and ")}, as the stack of ${ENVIRONMENT} declares it`)
  .addHelpText("after", "\nExit status: 0 it is drawn; 1 the stack or a page is not as it must be.")
  .action(() => run(1, draw));

void main(program);
