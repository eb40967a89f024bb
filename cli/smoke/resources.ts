import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListExecutionsCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import { deadLetterQueue } from "../redrive/dead-letters";
import { reasonOf } from "../../lib/thrown";
import type { Target } from "./target";

export type Execution = { readonly name: string; readonly status: string; readonly stoppedAt: Date };

const EXECUTIONS_LOOKED_AT = 50;

const StoredItem = t.intersection([
  t.type({ status: t.type({ S: t.string }) }),
  t.partial({ archive_key: t.type({ S: t.string }) }),
]);
const ArchiveObject = t.type({ orders: t.array(t.type({ order_id: t.number })) });
const Named = t.type({ name: t.string });

const attempt = <A>(what: string, call: () => Promise<A>): TE.TaskEither<string, A> =>
  TE.tryCatch(call, (error) => `${what}: ${reasonOf(error)}`);

const isDenied = (error: unknown): boolean =>
  Named.is(error) && /^(AccessDenied|UnauthorizedOperation)/.test(error.name);

/** What stands behind the API, looked at from outside it. Errors say what could not be done, and why. */
export const resourcesOf = (target: Target) => {
  const { aws, tableName, topicArn, bucketName, queueName, stateMachineArn } = target;
  const dynamo = new DynamoDBClient(aws);
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  const sns = new SNSClient(aws);
  const sqs = new SQSClient(aws);
  const states = new SFNClient(aws);
  return {
    /** The order's status in the table, and the archive key where a result decided it. */
    inTable: (id: number) =>
      pipe(
        attempt(`reading the table ${tableName}`, () =>
          dynamo.send(
            new GetItemCommand({
              TableName: tableName,
              Key: { order_id: { N: String(id) } },
              ConsistentRead: true,
            }),
          ),
        ),
        TE.flatMapEither(({ Item }) =>
          StoredItem.is(Item)
            ? E.right({
                status: Item.status.S,
                ...(Item.archive_key === undefined ? {} : { archiveKey: Item.archive_key.S }),
              })
            : E.left(`the table ${tableName} has no order ${id}; is it this environment's?`),
        ),
      ),
    /** The ids of the orders in an object of the archive. */
    archived: (key: string) =>
      pipe(
        attempt(`reading s3://${bucketName}/${key}`, async () => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
          return jsonOrUndefined((await Body?.transformToString()) ?? "");
        }),
        TE.flatMapEither((content) =>
          ArchiveObject.is(content)
            ? E.right(content.orders.map(({ order_id }) => order_id))
            : E.left(`s3://${bucketName}/${key} is not an archive object`),
        ),
      ),
    /** How many are subscribed to the notifications. */
    subscriptions: pipe(
      attempt(`reading the subscriptions of ${topicArn}`, () =>
        sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn })),
      ),
      TE.map(({ Subscriptions = [] }) => Subscriptions.length),
    ),
    /** Asks for the results now. It is no failure where the caller may not: the schedule asks for them too. */
    startResults: attempt(`starting ${stateMachineArn}`, () =>
      states.send(new StartExecutionCommand({ stateMachineArn })).then(
        () => "started" as const,
        (error: unknown) => {
          if (isDenied(error)) return "not allowed" as const;
          throw error;
        },
      ),
    ),
    /** The executions of the results state machine that have ended, the newest first. */
    ended: pipe(
      attempt(`reading the executions of ${stateMachineArn}`, () =>
        states.send(new ListExecutionsCommand({ stateMachineArn, maxResults: EXECUTIONS_LOOKED_AT })),
      ),
      TE.map(({ executions = [] }): ReadonlyArray<Execution> =>
        executions
          .flatMap(({ name = "", status = "", stopDate }) =>
            stopDate === undefined || status === "RUNNING" ? [] : [{ name, status, stoppedAt: stopDate }],
          )
          .sort((a, b) => b.stoppedAt.getTime() - a.stoppedAt.getTime()),
      ),
    ),
    deadLetters: attempt(`counting the dead letters of ${queueName}`, async () => {
      const queue = await deadLetterQueue(sqs, queueName);
      return { queue: queue.name, count: await queue.count() };
    }),
  };
};

export type Resources = ReturnType<typeof resourcesOf>;
