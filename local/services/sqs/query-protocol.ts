/** SQS's protocol before 2023, forms and XML, which older clients speak: as the JSON that it means, and back. */
import type { AwsAnswer, AwsCall, Backend } from "../../engine/gateway/call";
import { AwsError } from "../../engine/gateway/errors";
import { formBody } from "../../engine/wire/access";
import { escapeXml } from "../../engine/wire/answer";
import { queryAnswer } from "../../engine/wire/query";
import { isArray, isObject, type Json, type JsonObject, parseJson } from "../../json";
import { TARGET } from "./api";

const OPERATIONS = new Set([
  "ChangeMessageVisibility",
  "DeleteMessage",
  "GetQueueAttributes",
  "GetQueueUrl",
  "ListDeadLetterSourceQueues",
  "ListQueues",
  "PurgeQueue",
  "ReceiveMessage",
  "SendMessage",
]);

/** Fields that may come several times, numbered, by what they are in JSON. */
const LISTS: Readonly<Record<string, string>> = {
  AttributeName: "AttributeNames",
  MessageAttributeName: "MessageAttributeNames",
  MessageSystemAttributeName: "MessageSystemAttributeNames",
};
const NUMBERS = /^(MaxNumberOfMessages|VisibilityTimeout|WaitTimeSeconds|DelaySeconds|MaxResults)$/;

const input = (form: Readonly<Record<string, string>>): JsonObject => {
  const fields: Record<string, Json> = {};
  for (const [name, value] of Object.entries(form)) {
    const [, list = "", place] = /^(\w+)\.(\d+)$/.exec(name) ?? [];
    if (name === "Action" || name === "Version") continue;
    if (place === undefined && /^\w+$/.test(name)) fields[name] = NUMBERS.test(name) ? Number(value) : value;
    else if (LISTS[list] !== undefined) {
      const known = fields[LISTS[list]];
      fields[LISTS[list]] = [...(isArray(known ?? null) ? (known as ReadonlyArray<Json>) : []), value];
    } else throw new AwsError("InvalidParameterValue", `${name} needs a client of the JSON protocol here`);
  }
  return fields;
};

/** What is a list or a map in JSON repeats its element in XML. */
const ELEMENTS: Readonly<Record<string, string>> = {
  QueueUrls: "QueueUrl",
  queueUrls: "QueueUrl",
  Messages: "Message",
  Attributes: "Attribute",
};

const xml = (fields: JsonObject): string =>
  Object.entries(fields)
    .map(([name, value]): string => {
      const element = ELEMENTS[name] ?? name;
      if (isArray(value))
        return value
          .map((one) => `<${element}>${isObject(one) ? xml(one) : text(one)}</${element}>`)
          .join("");
      if (!isObject(value)) return `<${element}>${text(value)}</${element}>`;
      return Object.entries(value)
        .map(([key, one]) => `<${element}><Name>${text(key)}</Name><Value>${text(one)}</Value></${element}>`)
        .join("");
    })
    .join("");

const text = (value: Json): string => escapeXml(typeof value === "string" ? value : JSON.stringify(value));

const written = (operation: string, answer: AwsAnswer): AwsAnswer => {
  const fields = parseJson(answer.body.toString()) ?? {};
  const result = isObject(fields) ? xml(fields) : "";
  return queryAnswer(operation, "http://queue.amazonaws.com/doc/2012-11-05/", result);
};

const asJson = (call: AwsCall, operation: string): AwsCall => ({
  ...call,
  headers: {
    ...call.headers,
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `${TARGET}.${operation}`,
  },
  body: Buffer.from(JSON.stringify(input(formBody({ body: call.body, target: call.url })))),
});

/** A backend that speaks both protocols, of one that speaks JSON. */
export const inBothProtocols =
  (backend: Backend): Backend =>
  async (call) => {
    if (call.headers["x-amz-target"] !== undefined) return backend(call);
    const { operation } = call;
    if (!OPERATIONS.has(operation))
      throw new AwsError("UnsupportedOperation", `${operation} needs a client of the JSON protocol here`);
    const answer = await backend(asJson(call, operation));
    if (answer.status >= 300) {
      const problem = parseJson(answer.body.toString()) ?? null;
      const { message = "" } = isObject(problem) ? problem : {};
      // The code that this protocol's clients know goes beside the other's.
      const [code = ""] = String(answer.headers["x-amzn-query-error"]).split(";");
      throw new AwsError(code, text(message), answer.status);
    }
    return written(operation, answer);
  };
