import { readFileSync } from "node:fs";
import { withGeneratedParts } from "./document";

describe("SECURITY.md", () => {
  const document = readFileSync("SECURITY.md", "utf8");

  it("tells what each role may do as the stack declares it (npm run security writes it)", () => {
    expect(document).toBe(withGeneratedParts(document));
  });

  it("would not pass with a role that may do something else", () => {
    const other = document.replace("`dynamodb:PartiQLInsert`", "`dynamodb:DeleteItem`");
    expect(other).not.toBe(document);
    expect(withGeneratedParts(other)).not.toBe(other);
  });
});
