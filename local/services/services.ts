import type { AwsService } from "../engine/service";
import type { LocalService } from "./service";
import * as dynamodb from "./dynamodb/service";
import * as executeApi from "./execute-api/service";
import * as iam from "./iam/service";
import * as kms from "./kms/service";
import * as lambda from "./lambda/service";
import * as s3 from "./s3/service";
import * as scheduler from "./scheduler/service";
import * as sns from "./sns/service";
import * as sqs from "./sqs/service";
import * as ssm from "./ssm/service";
import * as states from "./states/service";
import * as sts from "./sts/service";

/** A list of services that keeps the types of their resources. */
class ServiceList<R extends object> {
  constructor(
    readonly services: ReadonlyArray<LocalService>,
    readonly resources: R,
  ) {}

  with<S extends object>(added: {
    readonly service: LocalService;
    readonly resources: S;
  }): ServiceList<R & S> {
    return new ServiceList([...this.services, added.service], { ...this.resources, ...added.resources });
  }
}

/** Every service of the local platform: adding one is its folder and a line here. */
export const { services, resources } = new ServiceList([], {})
  .with(dynamodb)
  .with(executeApi)
  .with(iam)
  .with(kms)
  .with(lambda)
  .with(s3)
  .with(scheduler)
  .with(sns)
  .with(sqs)
  .with(ssm)
  .with(states)
  .with(sts);

/** What answers at the AWS endpoint. */
export const apis: ReadonlyArray<AwsService> = services.flatMap(({ api }) => api ?? []);
