import type { AwsService } from "../engine/service";
import type { Catalog } from "./catalog";
import type { LocalService } from "./service";
import * as apigateway from "./apigateway/service";
import * as cloudwatch from "./cloudwatch/service";
import * as dynamodb from "./dynamodb/service";
import * as dynamodbstreams from "./dynamodbstreams/service";
import * as executeApi from "./execute-api/service";
import * as iam from "./iam/service";
import * as kms from "./kms/service";
import * as lambda from "./lambda/service";
import * as logs from "./logs/service";
import * as s3 from "./s3/service";
import * as scheduler from "./scheduler/service";
import * as sns from "./sns/service";
import * as sqs from "./sqs/service";
import * as ssm from "./ssm/service";
import * as states from "./states/service";
import * as sts from "./sts/service";

/** Every service of the local platform: adding one is its folder and a line here. */
const folders: ReadonlyArray<{ readonly service: LocalService; readonly resources: Catalog }> = [
  apigateway,
  cloudwatch,
  dynamodb,
  dynamodbstreams,
  executeApi,
  iam,
  kms,
  lambda,
  logs,
  s3,
  scheduler,
  sns,
  sqs,
  ssm,
  states,
  sts,
];

export const services = folders.map(({ service }) => service);

export const resources: Catalog = Object.fromEntries(
  folders.flatMap((folder) => Object.entries(folder.resources)),
);

/** What answers at the AWS endpoint. */
export const apis: ReadonlyArray<AwsService> = services.flatMap(({ api }) => api ?? []);
