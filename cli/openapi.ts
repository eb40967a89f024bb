/** `npm run openapi` writes docs/openapi.json, the API's description. */
import { writeFileSync } from "node:fs";
import { command, main, run } from "../lib/command";
import { document, written } from "./openapi/document";

const FILE = "docs/openapi.json";

const program = command("openapi")
  .description(
    `write the description of the API (OpenAPI 3.1) from its routes, codecs and problems to ${FILE}`,
  )
  .addHelpText(
    "after",
    `
Exit status: 0 it is written; 1 a codec has no schema, or an example is not what its codec takes.`,
  )
  .action(() =>
    run(1, () => {
      writeFileSync(FILE, written(document()));
      return 0;
    }),
  );

void main(program);
