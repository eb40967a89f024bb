/** `npm run openapi` writes docs/openapi.json, the API's description, and what else is made of the codecs. */
import { writeFileSync } from "node:fs";
import { command, main, run } from "../lib/command";
import { document, written } from "./openapi/document";
import { orderChangeSchema } from "./openapi/order-change";
import { typescript } from "./openapi/typescript";

const FILE = "docs/openapi.json";
const TYPES = "cli/orders-api/schema.d.ts";
const CHANGE_FILE = "docs/order-change.schema.json";

const program = command("openapi")
  .description(
    `write the description of the API (OpenAPI 3.1) from its routes, codecs and problems to ${FILE}, its types to ${TYPES}, and the JSON Schema of the messages of changes to ${CHANGE_FILE}`,
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
      writeFileSync(CHANGE_FILE, written(orderChangeSchema()));
      return 0;
    }),
  );

void main(program);
