import type { AwsService } from "../engine/service";
import { dynamodb } from "./dynamodb/service";
import { executeApi } from "./execute-api/service";
import { lambda } from "./lambda/service";
import { s3 } from "./s3/service";
import { sns } from "./sns/service";
import { sqs } from "./sqs/service";
import { ssm } from "./ssm/service";
import { states } from "./states/service";
import { sts } from "./sts/service";

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
