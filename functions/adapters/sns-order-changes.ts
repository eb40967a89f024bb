import { PublishBatchCommand, type PublishBatchRequestEntry } from "@aws-sdk/client-sns";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { OrderChange } from "../domain/order-change";
import type { OrderChanges } from "../ports/capabilities";
import { portError } from "./aws-error";
import { sns } from "./clients";

/** Characters that XML, and so SNS, has no place for; of a message they can be escaped, of an attribute not. */
const NOT_IN_XML = /[\u{FFFE}\u{FFFF}]|\p{Cs}|(?![\t\n\r])\p{Cc}/gu;

const escaped = (json: string): string =>
  json.replace(NOT_IN_XML, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

const text = (name: string, value: string): PublishBatchRequestEntry["MessageAttributes"] =>
  value.search(NOT_IN_XML) < 0 ? { [name]: { DataType: "String", StringValue: value } } : {};

/** What subscriptions filter by is an attribute, too. */
const entry = (change: OrderChange, place: number): PublishBatchRequestEntry => ({
  Id: String(place),
  Message: escaped(JSON.stringify(OrderChange.encode(change))),
  MessageAttributes: {
    ...text("kind", change.kind),
    ...text("status", change.order.status),
    ...text("product", change.order.product),
  },
});

/** Changes of orders on an SNS topic. */
export const snsOrderChanges = (topicArn: string, signal: AbortSignal): OrderChanges => ({
  tell: (changes) =>
    pipe(
      TE.tryCatch(
        () =>
          sns().send(
            new PublishBatchCommand({
              TopicArn: topicArn,
              PublishBatchRequestEntries: changes.map(entry),
            }),
            { abortSignal: signal },
          ),
        portError("telling of changes"),
      ),
      TE.map(({ Failed = [] }) =>
        changes.filter((_, place) => Failed.some(({ Id }) => Id === String(place))),
      ),
    ),
});
