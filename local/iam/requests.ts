/** From a request on the wire to the actions and resources that policies speak of. */
import { headerValue } from "./sigv4/canonical";
import { field, formBody, jsonBody, type Read, type ServiceRequest, unknown } from "./requests/access";
import { readDynamo } from "./requests/dynamodb";
import { readLambda, readSsm, readStates } from "./requests/other";
import { readS3 } from "./requests/s3";
import { readSns } from "./requests/sns";
import { readSqs } from "./requests/sqs";

export type { Access, Operation, Place, Read, RequestFault, ServiceRequest } from "./requests/access";
export { keyAccess, readApi } from "./requests/other";

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
