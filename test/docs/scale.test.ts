import { readFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import { readDeclared } from "../../cli/cost/declared";
import { PRICES_OF } from "../../cli/cost/prices";
import { markdown, report } from "../../cli/cost/report";
import { DEFAULTS, SIZES } from "../../cli/cost/workload";
import { declaredEnvironment } from "../support/synth";

const page = readFileSync("docs/scale.md", "utf8");

/** Without the spaces by which the formatter aligns a table. */
const lines = (text: string): ReadonlyArray<string> =>
  text
    .split("\n")
    .map((line) =>
      line
        .replace(/ *\| */g, "|")
        .replace(/-{3,}/g, "---")
        .trim(),
    )
    .filter((line) => line !== "");

it("docs/scale.md has the tables that npm run cost -- prod --markdown prints", () => {
  const declared = readDeclared(JSON.parse(declaredEnvironment("prod").text));
  if (E.isLeft(declared)) throw new Error(declared.left);
  const printed = markdown(
    SIZES.map((ordersPerDay) => report("prod", declared.right, { ...DEFAULTS, ordersPerDay })),
  );
  const [, there = ""] = /<!-- npm run cost .*-->([^]*)<!-- end -->/.exec(page) ?? [];
  expect(lines(there)).toEqual(lines(printed.join("\n")));
});

it("docs/scale.md says of when its prices are", () => {
  expect(page).toContain(`as of ${PRICES_OF}`);
});
