/** From a request on the wire to the actions and resources that policies speak of. */
import { headerValue } from "../iam/sigv4/canonical";
import { field, formBody, jsonBody, type Read, type ServiceRequest, unknown } from "./access";
import { readDynamo } from "../../services/dynamodb/actions";
import { readLambda, readSsm, readStates } from "../../services/ssm/actions";
import { readS3 } from "../../services/s3/actions";
import { readSns } from "../../services/sns/actions";
import { readSqs } from "../../services/sqs/actions";

export type { Access, Operation, Place, Read, RequestFault, ServiceRequest } from "./access";
export { keyAccess, readApi } from "../../services/ssm/actions";

const TARGETS: Readonly<Record<string, string>> = {
  DynamoDB_20120810: "dynamodb",
  AmazonSQS: "sqs",
  AmazonSSM: "ssm",
  AWSStepFunctions: "states",
};

/** The operation a JSON-protocol request names, if it is one of the service's. */
const targetOperation = (service: string, request: ServiceRequest): string | undefined => {
  const [prefix = "", operation] = (headerValue(request.headers, "x-amz-target") ?? "").split(".");
  return Object.hasOwn(TARGETS, prefix) && TARGETS[prefix] === service ? operation : undefined;
};

/**
 * What a request asks for.
 * @param service the signing name the signature was verified for, so that a request for one service is never
 * read as one for another
 */
export const readRequest = (service: string, request: ServiceRequest): Read => {
  const operation = targetOperation(service, request);
  const named = operation ?? "without a name";
  switch (service) {
    case "dynamodb":
      return readDynamo(request, named);
    case "ssm":
      return readSsm(request, named);
    case "states":
      return readStates(request, named);
    case "sqs": {
      if (operation !== undefined) return readSqs(request, operation, jsonBody(request.body) ?? {});
      const form = formBody(request);
      return readSqs(request, field(form, "Action") ?? named, form);
    }
    case "sns": {
      const form = formBody(request);
      return readSns(request, field(form, "Action") ?? named, form);
    }
    case "s3":
      return readS3(request);
    case "lambda":
      return readLambda(request);
    default:
      return unknown(`of ${service}`);
  }
};
