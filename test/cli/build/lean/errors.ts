import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as s3 from "@aws-sdk/client-s3";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import * as ssm from "@aws-sdk/client-ssm";
import * as t from "io-ts";
import type { Service } from "./calls";

const SDK: Readonly<Record<Service, object>> = { dynamodb, s3, sns, sqs, ssm };

/** How the SDK describes an error of a service: among others, its name and its traits. */
const ErrorSchema = t.tuple([t.literal(-3), t.string, t.string, t.unknown]);
const Traits = t.partial({ httpError: t.number, awsQueryError: t.tuple([t.string, t.number]) });

type Described = { readonly name: string; readonly code: string; readonly status: number };

const modelled = (service: Service): ReadonlyArray<Described> =>
  Object.values(SDK[service]).flatMap((exported: unknown) => {
    const schema: unknown = Array.isArray(exported) ? exported.slice(0, 4) : undefined;
    if (!ErrorSchema.is(schema)) return [];
    const [, , name, traits] = schema;
    const { httpError, awsQueryError } = Traits.is(traits) ? traits : {};
    return [{ name, code: awsQueryError?.[0] ?? name, status: httpError ?? awsQueryError?.[1] ?? 400 }];
  });

/** What any service may answer, and no model has. */
const COMMON: ReadonlyArray<Described> = (
  [
    ["AccessDeniedException", 400],
    ["ExpiredTokenException", 400],
    ["InternalFailure", 500],
    ["RequestLimitExceeded", 400],
    ["RequestTimeout", 400],
    ["ServiceUnavailable", 503],
    ["SlowDown", 503],
    ["Throttling", 400],
    ["ThrottlingException", 400],
    ["TooManyRequestsException", 429],
    ["UnrecognizedClientException", 400],
  ] as const
).map(([name, status]) => ({ name, code: name, status }));

/** Every error that the SDK knows of a service, and those of all services. */
export const errorsOf = (service: Service): ReadonlyArray<Described> => [...modelled(service), ...COMMON];

/** An error as its service sends it. */
export const errorAnswer = (service: Service, { name, code, status }: Described) => {
  switch (service) {
    case "dynamodb":
    case "sqs":
    case "ssm":
      return {
        status,
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amzn-requestid": "r",
          ...(service === "sqs" ? { "x-amzn-query-error": `${code};Sender` } : {}),
        },
        body: JSON.stringify({ __type: `com.amazonaws.${service}#${name}`, message: "the reason" }),
      };
    case "sns":
      return {
        status,
        headers: { "content-type": "text/xml", "x-amzn-requestid": "r" },
        body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>the reason</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      };
    case "s3":
      return {
        status,
        headers: { "content-type": "application/xml", "x-amz-request-id": "r" },
        body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>the reason</Message><RequestId>r</RequestId></Error>`,
      };
  }
};
