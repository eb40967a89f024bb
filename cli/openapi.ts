/** `npm run openapi` writes docs/openapi.json, the API's description, and the same in TypeScript's types. */
import { writeFileSync } from "node:fs";
import { command, main, run } from "../lib/command";
import { document, written } from "./openapi/document";
import { typescript } from "./openapi/typescript";

const FILE = "docs/openapi.json";
const TYPES = "cli/orders-api/schema.d.ts";

const program = command("openapi")
  .description(
    `write the description of the API (OpenAPI 3.1) from its routes, codecs and problems to ${FILE}, and its types to ${TYPES}`,
  )
  .addHelpText(
    "after",
    `
Exit status: 0 they are written; 1 a codec has no schema, or an example is not what its codec takes.`,
  )
  .action(() =>
    run(1, async () => {
      writeFileSync(FILE, written(document()));
      writeFileSync(TYPES, await typescript());
      return 0;
    }),
  );

void main(program);
