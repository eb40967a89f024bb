import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import { traverseSteps } from "../fp/bounded";
import { retrying } from "../fp/retry";
import type { Capabilities } from "../ports/capabilities";
import { pauseBeforeRepeat, type PortError } from "../ports/errors";
import * as log from "../ports/log";
import {
  alarmMessage,
  announcementMessage,
  budgetMessage,
  type SlackMessage,
  unknownMessage,
} from "./message";
import { type Notice, readNotice } from "./notice";

type Needs = Pick<Capabilities, "webhook" | "clock" | "random" | "deadline" | "log" | "environment">;

const RESERVE_MS = 1_000;

const messageOf = (notice: Notice, environment: string): SlackMessage => {
  switch (notice._tag) {
    case "Announcement":
      return announcementMessage(notice.announcement);
    case "Alarm":
      return alarmMessage(environment, notice.alarm);
    case "Budget":
      return budgetMessage(environment, notice.spending);
    case "Unknown":
      return unknownMessage(environment, notice.body);
  }
};

/** What a message was about, by the names under which other functions logged it. */
const followed = (notice: Notice): Readonly<Record<string, unknown>> => {
  if (notice._tag !== "Announcement") return { notice: notice._tag };
  const { announcement } = notice;
  const orders = "orders" in announcement ? announcement.orders : [];
  return {
    notice: announcement.kind,
    ...("execution" in announcement ? { execution: announcement.execution } : {}),
    ...("key" in announcement ? { key: announcement.key } : {}),
    ...("order_ids" in announcement ? { order_ids: announcement.order_ids } : {}),
    ...(orders.length === 0
      ? {}
      : {
          order_ids: orders.map(({ order_id }) => order_id),
          request_ids: [...new Set(orders.flatMap(({ request_id }) => request_id ?? []))],
        }),
  };
};

const post =
  (notice: Notice): RTE.ReaderTaskEither<Needs, PortError, void> =>
  ({ webhook, environment }) =>
    webhook.post(messageOf(notice, environment));

/** Posts what stands on the topics, one message each, in order. Fails where one cannot be posted. */
export const notifySlack = (bodies: ReadonlyArray<string>): RTE.ReaderTaskEither<Needs, PortError, unknown> =>
  pipe(
    bodies.map(readNotice),
    traverseSteps(1)((notice: Notice) =>
      pipe(
        post(notice),
        // Slack may show a message twice after a lost answer; it must not miss one.
        retrying(pauseBeforeRepeat, RESERVE_MS),
        RTE.tapReaderIO(() => log.info("posted to Slack", followed(notice))),
      ),
    ),
  );
