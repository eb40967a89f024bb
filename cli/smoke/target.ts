import { ApiGatewayV2Client, GetApisCommand } from "@aws-sdk/client-apigatewayv2";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Environment } from "../../environments/environment";
import { reasonOf } from "../../lib/thrown";
import { type AwsSettings, awsSettings, isLocal } from "../operated";

/** Where the parts of a deployed environment are. */
export type Target = {
  readonly environment: string;
  /** Whether test orders reach the auction: they do where it is the simulator. */
  readonly simulated: boolean;
  readonly region: string;
  readonly api: URL;
  readonly aws: AwsSettings & { readonly maxAttempts: number };
  readonly tableName: string;
  readonly topicArn: string;
  readonly bucketName: string;
  readonly queueName: string;
  readonly stateMachineArn: string;
};

export type Given = {
  readonly api: string | undefined;
  readonly endpoint: string | undefined;
  readonly env: NodeJS.ProcessEnv;
};

const LOCAL_API = "http://127.0.0.1:3000";

const asUrl = (text: string): E.Either<string, URL> => {
  const url = URL.parse(text);
  return url?.protocol === "http:" || url?.protocol === "https:"
    ? E.right(url)
    : E.left(`the API's address ${text}: expected an http or https URL`);
};

const PAGE = "100";

/** Every API of the account and region with a name; a name is not unique in API Gateway. */
const apisNamed = async (aws: AwsSettings, name: string): Promise<ReadonlyArray<string>> => {
  const client = new ApiGatewayV2Client(aws);
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetApisCommand({ MaxResults: PAGE, ...(NextToken === undefined ? {} : { NextToken }) }),
    );
    for (const { Name, ApiEndpoint } of page.Items ?? [])
      if (Name === name && ApiEndpoint !== undefined) found.push(ApiEndpoint);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found;
};

const lookedUp = (environment: Environment, aws: AwsSettings): TE.TaskEither<string, string> => {
  const name = `${environment.name}-orders`;
  return pipe(
    TE.tryCatch(
      () => apisNamed(aws, name),
      (error) =>
        `the API ${name} could not be looked up: ${reasonOf(error)}. Give its address with --api, or AWS credentials that may list APIs (apigateway:GET on /apis).`,
    ),
    TE.flatMapEither(([first, ...others]) => {
      if (first === undefined)
        return E.left(
          `there is no API ${name} in ${aws.region}. Is ${environment.name} deployed, and are these credentials of its account (${environment.account_id})?`,
        );
      return others.length === 0
        ? E.right(first)
        : E.left(
            `there are ${others.length + 1} APIs named ${name}; say which with --api: ${[first, ...others].join(", ")}`,
          );
    }),
  );
};

/**
 * Where an environment's parts are. Names are those the stack gives, and variables may say otherwise; the
 * API's address, which AWS makes up, is looked up by the API's name where it is not given.
 */
export const targetOf = (environment: Environment, given: Given): TE.TaskEither<string, Target> => {
  const { name, region, account_id: account } = environment;
  const { env } = given;
  const aws = { ...awsSettings(environment, given.endpoint), maxAttempts: 4 };
  const address = given.api ?? env["API_ENDPOINT"] ?? (isLocal(environment) ? LOCAL_API : undefined);
  return pipe(
    address === undefined ? lookedUp(environment, aws) : TE.right(address),
    TE.flatMapEither(asUrl),
    TE.map((api) => ({
      environment: name,
      simulated: environment.auction.type === "simulator",
      region,
      api,
      aws,
      tableName: env["DYNAMODB_TABLE_NAME"] ?? `${name}-orders`,
      topicArn: env["SNS_TOPIC_ARN"] ?? `arn:aws:sns:${region}:${account}:${name}-orders-notifications`,
      bucketName: env["LOG_BUCKET"] ?? `${name}-orders-archive-${account}`,
      queueName: `${name}-orders`,
      stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:${name}-orders-results`,
    })),
  );
};
