/** `npm run security` writes the generated parts of SECURITY.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { withGeneratedParts } from "./document";

writeFileSync("SECURITY.md", withGeneratedParts(readFileSync("SECURITY.md", "utf8")));
