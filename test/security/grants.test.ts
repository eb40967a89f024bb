import * as t from "io-ts";
import { declaredEnvironments, deployedNames, shippedEnvironments } from "../support/synth";
import { accountOf } from "../stacks/account/accounts";
import { madeBy, resolved } from "../stacks/account/physical";
import { actionsNamed, states, takes } from "./grants/reference";
import type { Stack } from "./rules/rule";

/** Every statement of every policy can come true, by AWS's own reference of actions, resources and keys. */

const Many = t.union([t.string, t.array(t.string)]);
const Statement = t.intersection([
  t.type({ Effect: t.string, Action: Many }),
  t.partial({ Resource: Many, Condition: t.record(t.string, t.record(t.string, Many)) }),
]);
type Statement = t.TypeOf<typeof Statement>;
const Document = t.type({ Statement: t.array(Statement) });

/** The attributes that hold policies. */
const POLICIES = ["policy", "assume_role_policy"] as const;

const statementsOf = ({ declared, environment }: Stack): ReadonlyArray<readonly [string, Statement]> => {
  const made = madeBy(declared, environment);
  return declared.addresses().flatMap((address) =>
    POLICIES.flatMap((attribute) => {
      const policy = declared.one(address)[attribute];
      if (policy === undefined) return [];
      const document: unknown = JSON.parse(resolved(t.string.is(policy) ? policy : "", made, environment));
      if (!Document.is(document)) throw new Error(`${address}: ${attribute}: is no policy this test reads`);
      return document.Statement.map((statement) => [address, statement] as const);
    }),
  );
};

/** What an identity provider of the account states of a token: `app.terraform.io:sub`. */
const isClaim = (key: string, { declared }: Stack): boolean =>
  Object.values(declared.all("aws_iam_openid_connect_provider")).some(({ url }) =>
    ["aud", "sub"].some((claim) => `${String(url).replace("https://", "")}:${claim}` === key),
  );

const impossibleIn = async (statement: Statement, stack: Stack): Promise<ReadonlyArray<string>> => {
  const words = [statement.Action].flat();
  const resources = [statement.Resource ?? "*"].flat();
  const keys = Object.values(statement.Condition ?? {}).flatMap((of) => Object.keys(of));
  const named = await Promise.all(words.map(async (word) => ({ word, actions: await actionsNamed(word) })));
  const all = named.flatMap(({ actions }) => actions);
  const unstated = await Promise.all(
    named.flatMap(({ word, actions }) =>
      keys
        .filter((key) => !isClaim(key, stack))
        .map(async (key) =>
          (await Promise.all(actions.map((action) => states(action, key)))).some((stated) => stated)
            ? []
            : [`no request for ${word} has ${key}`],
        ),
    ),
  );
  return [
    ...named.flatMap(({ word, actions }) =>
      actions.length === 0
        ? [`there is no action ${word}`]
        : actions.some((action) => resources.some((resource) => takes(action, resource)))
          ? []
          : [`${word} takes none of ${resources.join(", ")}`],
    ),
    ...resources.flatMap((resource) =>
      all.some((action) => takes(action, resource))
        ? []
        : [`${resource} is no resource of ${words.join(", ")}`],
    ),
    ...unstated.flat(),
  ];
};

const impossible = async (stack: Stack): Promise<ReadonlyArray<string>> => {
  const statements = statementsOf(stack);
  const found = await Promise.all(
    statements.map(async ([address, statement]) =>
      (await impossibleIn(statement, stack)).map((problem) => `${address}: ${problem}`),
    ),
  );
  return found.flat();
};

const declared = declaredEnvironments();
const environments: ReadonlyArray<readonly [string, Stack]> = shippedEnvironments().flatMap((environment) => {
  const stack = declared.get(environment.name);
  return stack === undefined ? [] : [[environment.name, { environment, declared: stack }] as const];
});
const accounts = deployedNames.map((name) => [`the account of ${name}`, accountOf(name)] as const);

describe("every grant is possible", () => {
  it.each([...environments, ...accounts])("in %s", async (_, stack) => {
    expect(statementsOf(stack).length).toBeGreaterThan(15);
    expect(await impossible(stack)).toEqual([]);
  });
});

describe("an impossible grant is named", () => {
  const one = (statement: Statement): Promise<ReadonlyArray<string>> => {
    const [, stack] = environments[0] ?? [];
    if (stack === undefined) throw new Error("no environment");
    return impossibleIn(statement, stack);
  };
  const queue = "arn:aws:sqs:eu-central-1:111111111111:dev-orders";

  it.each<[string, Statement, string]>([
    [
      "for an action that does not exist",
      { Effect: "Allow", Action: "sqs:SendMessageBatch", Resource: queue },
      "there is no action sqs:SendMessageBatch",
    ],
    [
      "for a wildcard that stands for no action",
      { Effect: "Allow", Action: "sqs:Frob*", Resource: queue },
      "there is no action sqs:Frob*",
    ],
    [
      "for a bucket where the action takes objects",
      { Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::dev-archive" },
      "s3:PutObject takes none of arn:aws:s3:::dev-archive",
    ],
    [
      "for a resource where the action takes * alone",
      { Effect: "Allow", Action: "kms:CreateKey", Resource: "arn:aws:kms:eu-central-1:111111111111:key/1" },
      "kms:CreateKey takes none of arn:aws:kms:eu-central-1:111111111111:key/1",
    ],
    [
      "on a key that no request has",
      {
        Effect: "Allow",
        Action: "sqs:SendMessage",
        Resource: queue,
        Condition: { StringEquals: { "iam:PassedToService": "sqs.amazonaws.com" } },
      },
      "no request for sqs:SendMessage has iam:PassedToService",
    ],
    [
      "on a tag of the request where the action takes none",
      {
        Effect: "Allow",
        Action: "kms:UntagResource",
        Resource: "arn:aws:kms:eu-central-1:111111111111:key/1",
        Condition: { StringEquals: { "aws:RequestTag/environment": "dev" } },
      },
      "no request for kms:UntagResource has aws:RequestTag/environment",
    ],
  ])("%s", async (_, statement, problem) => {
    expect(await one(statement)).toContain(problem);
  });
});
