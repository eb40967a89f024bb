import { readFileSync } from "node:fs";
import { IN_AWS } from "../../console/aws/pace";
import { permissionsIn } from "../../console/aws/permissions";
import { identityPolicy } from "../../modules/policy";
import { shippedEnvironments } from "../support/synth";

const page = readFileSync("docs/console.md", "utf8");

it("has the policy that whoever looks at dev needs: npm run console -- dev --policy", () => {
  const [, shown = ""] = /```json\n([^`]*)```/.exec(page) ?? [];
  const dev = shippedEnvironments().flatMap((one) => (one.name === "dev" ? permissionsIn(one) : []));
  expect(JSON.parse(shown)).toEqual(JSON.parse(identityPolicy(dev)));
});

it("says how often AWS is asked", () => {
  const { everyMs, longestMs, aSecond = {} } = IN_AWS;
  expect({ everyMs, longestMs }).toEqual({ everyMs: 10_000, longestMs: 120_000 });
  const [, said = ""] = /No more calls are made in a second than (.*?) \(each/.exec(page) ?? [];
  expect(said.match(/\b\d+/g)?.map(Number).toSorted()).toEqual(Object.values(aSecond).toSorted());
});
