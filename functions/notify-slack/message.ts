import type { AnnouncedOrder, Announcement } from "../domain/announcement";
import type { Alarm } from "./notice";

/** A Slack message: `text` is what a notification shows, the blocks what the channel shows. */
export type SlackMessage = {
  readonly text: string;
  readonly blocks: ReadonlyArray<{
    readonly type: "section";
    readonly text: { readonly type: "mrkdwn"; readonly text: string };
  }>;
};

/** Slack's own limits: characters of a section's text, and blocks of a message. */
const SECTION_LIMIT = 3_000;
const BLOCKS_LIMIT = 50;

/** Slack reads these three as markup; everything else that could be one is inside them. */
export const escape = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/&[a-z]*$/, "")}…`;

/** Puts lines into as few sections as hold them; what does not fit the message is counted instead. */
const sections = (lines: ReadonlyArray<string>, most: number): ReadonlyArray<string> => {
  const filled: string[] = [];
  let current = "";
  for (const [index, line] of lines.entries()) {
    const next = current === "" ? line : `${current}\n${line}`;
    if (next.length <= SECTION_LIMIT) {
      current = next;
    } else if (filled.length + 2 === most) {
      return [...filled, current, `… and ${lines.length - index} more`];
    } else {
      filled.push(current);
      current = line;
    }
  }
  return current === "" ? filled : [...filled, current];
};

const message = (headline: string, lines: ReadonlyArray<string>): SlackMessage => ({
  text: cut(headline, SECTION_LIMIT),
  blocks: [
    cut(`*${headline}*`, SECTION_LIMIT),
    ...sections(
      lines.map((line) => cut(line, SECTION_LIMIT)),
      BLOCKS_LIMIT - 1,
    ),
  ].map((text) => ({ type: "section", text: { type: "mrkdwn", text } })),
});

const orderLine = ({ order_id, product, power, reason }: AnnouncedOrder): string =>
  `• order ${order_id}: ${escape(product)}, ${power}${reason === undefined ? "" : ` (${escape(reason)})`}`;

const orders = (count: number): string => (count === 1 ? "1 order" : `${count} orders`);

/** One quiet line, whatever became of them. */
const testOrders = (closed: ReadonlyArray<AnnouncedOrder>): string =>
  `Test ${closed.length === 1 ? "order" : "orders"} closed: ${closed
    .map(({ order_id, reason = "rejected" }) => `order ${order_id}: ${escape(reason)}`)
    .join("; ")}`;

/** One message an announcement: a page's orders stay together. */
export const announcementMessage = (announcement: Announcement): SlackMessage => {
  const place = `[${escape(announcement.environment)}]`;
  switch (announcement.kind) {
    case "orders-rejected":
      return message(
        `${place} ${orders(announcement.orders.length)} rejected by the auction`,
        announcement.orders.map(orderLine),
      );
    case "order-refused":
      return message(
        `${place} ${orders(announcement.orders.length)} refused at submission`,
        announcement.orders.map(orderLine),
      );
    case "test-orders-closed":
      return message(`${place} ${testOrders(announcement.orders)}`, []);
    case "orders-overdue":
      return message(
        `${place} ${orders(announcement.orders.length)} without a result for too long`,
        announcement.orders.map(orderLine),
      );
    case "order-unreadable":
      return message(
        `${place} ${orders(announcement.order_ids.length)} stored but unreadable`,
        announcement.order_ids.map((id) => `• order ${id}: the log has what is wrong with it`),
      );
    case "results-quarantined":
      return message(
        `${place} ${announcement.count} results set aside in ${escape(announcement.key)}`,
        announcement.reasons.map((reason) => `• ${escape(reason)}`),
      );
    case "pipeline-failed":
      return message(`${place} Fetching results failed: ${escape(announcement.error)}`, [
        `execution ${escape(announcement.execution)}`,
        escape(announcement.cause),
      ]);
  }
};

export const alarmMessage = (
  environment: string,
  { AlarmName, AlarmDescription, NewStateValue, NewStateReason }: Alarm,
): SlackMessage =>
  message(
    `[${escape(environment)}] ${NewStateValue === "OK" ? "Alarm over" : "Alarm"}: ${escape(AlarmName)}`,
    // What to do comes first, and is of no use any more once it is over.
    [NewStateValue === "OK" ? "" : (AlarmDescription ?? ""), NewStateReason]
      .filter((line) => line !== "")
      .map(escape),
  );

/** Something else on the topic: shown as it is, so that nobody misses it, and never as markup. */
export const unknownMessage = (environment: string, body: string): SlackMessage =>
  message(`[${escape(environment)}] A message of an unknown kind`, [escape(body)]);
