import * as D from "@aws-sdk/client-dynamodb";
import * as N from "@aws-sdk/client-sns";
import * as Q from "@aws-sdk/client-sqs";
import * as F from "@aws-sdk/client-sfn";
import * as P from "@aws-sdk/client-ssm";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { AwsCall } from "../../../local/engine/gateway/call";
import { PLATFORM } from "../../../local/engine/gateway/callers";
import { makeClient } from "../../../local/engine/gateway/client";
import { makeGateway } from "../../../local/engine/gateway/gateway";
import { apis } from "../../../local/services/services";
import { askSns } from "../../../local/services/sns/request";

const location = { region: "eu-central-1", account: "000000000000" };

/** Every operation that an SDK has, by its name. */
const operationsOf = (sdk: object): ReadonlyArray<string> =>
  Object.keys(sdk).flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? []);

/** What the gateway is given when a part of the platform makes a call. */
const recordCalls = () => {
  const calls: AwsCall[] = [];
  const step = (call: AwsCall) => {
    calls.push(call);
    return Promise.resolve({ status: 200, headers: {}, body: Buffer.from("{}") });
  };
  return {
    calls,
    client: makeClient(
      makeGateway([step], () => {}),
      apis,
      location,
    ),
  };
};

/** An operation as a fault plan knows it, and as permissions do. */
const namesOf = (call: AwsCall | undefined): ReadonlyArray<string | undefined> => {
  const read = call?.asked();
  return [
    call?.operation,
    read === undefined ? undefined : E.isRight(read) ? read.right.operation : read.left.operation,
  ];
};

it.each([
  ["dynamodb", D],
  ["sqs", Q],
  ["ssm", P],
  ["states", F],
] as const)(
  "fault plans and permissions name every operation of %s as its SDK does",
  async (service, sdk) => {
    const operations = operationsOf(sdk);
    expect(operations.length).toBeGreaterThan(20);
    for (const operation of operations) {
      const { calls, client } = recordCalls();
      await client.json(PLATFORM, service, operation, {}, t.unknown);
      expect(namesOf(calls[0])).toEqual([operation, operation]);
    }
  },
);

it("fault plans and permissions name every operation of sns as its SDK does", async () => {
  for (const operation of operationsOf(N)) {
    const { calls, client } = recordCalls();
    await askSns(client, PLATFORM, operation, {});
    expect(namesOf(calls[0])).toEqual([operation, operation]);
  }
});
