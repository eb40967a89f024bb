/** `npm run security` writes the generated parts of SECURITY.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { command, main, run } from "../../lib/command";
import { withGeneratedParts } from "./document";

const program = command("security")
  .description("write the tables of SECURITY.md from the synthesized stacks")
  .action(() =>
    run(1, () => {
      writeFileSync("SECURITY.md", withGeneratedParts(readFileSync("SECURITY.md", "utf8")));
      return 0;
    }),
  );

void main(program);
