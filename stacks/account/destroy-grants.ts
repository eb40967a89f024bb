import type { Environment } from "../../environments/environment";
import { arnsOf, bucketArns, type Grants } from "./names";

/** A protected environment's data is safe from its own apply role too, until its end is decided. */
const mayLoseData = ({ deletion_protection, decommission }: Environment): boolean =>
  !deletion_protection || decommission !== undefined;

/** What removes data, for the apply role that may. */
export const destroyGrants = (environment: Environment): Grants => {
  if (!mayLoseData(environment)) return {};
  const { name } = environment;
  const arn = arnsOf(environment);
  return {
    "destroy-data": [
      { actions: ["dynamodb:DeleteTable"], resources: [arn("dynamodb", `table/${name}-*`)] },
      { actions: ["sqs:DeleteQueue"], resources: [arn("sqs", `${name}-*`)] },
      { actions: ["s3:DeleteBucket", "s3:ListBucketVersions"], resources: [bucketArns(environment)] },
      {
        actions: ["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"],
        resources: [`${bucketArns(environment)}/*`],
      },
    ],
  };
};
