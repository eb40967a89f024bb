import type { AwsService } from "../engine/service";
import { dynamodb } from "./dynamodb/api";
import { executeApi } from "./execute-api/api";
import { lambda } from "./lambda/api";
import { s3 } from "./s3/api";
import { sns } from "./sns/api";
import { sqs } from "./sqs/api";
import { ssm } from "./ssm/api";
import { states } from "./states/api";
import { sts } from "./sts/api";

/** What answers at the AWS endpoint. The last one is asked when a request says nothing of where it goes. */
export const services: ReadonlyArray<AwsService> = [
  dynamodb,
  sqs,
  ssm,
  states,
  lambda,
  sts,
  sns,
  executeApi,
  s3,
];
