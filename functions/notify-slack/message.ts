import type { AnnouncedOrder, Announcement } from "../domain/announcement";
import { cut, oneLine } from "../../lib/text";
import type { Alarm, Spending } from "./notice";

/** A Slack message: `text` is what a notification shows, the blocks what the channel shows. */
export type SlackMessage = {
  readonly text: string;
  readonly blocks: ReadonlyArray<{
    readonly type: "section";
    /** `verbatim`: Slack makes no link, mention or channel of what only looks like one. */
    readonly text: { readonly type: "mrkdwn"; readonly text: string; readonly verbatim: true };
  }>;
};

/** Slack's own limits: characters of a section's text, and blocks of a message. */
const SECTION_LIMIT = 3_000;
const BLOCKS_LIMIT = 50;

/** For each text from outside, so that a line made of several stays below a section's limit. */
const LITERAL_LIMIT = 2_500;
const HEADLINE_LIMIT = 1_000;

/** What Slack would format or replace even where it is told to be verbatim. */
const FORMATTING = /[*_~`]|:[^\s:]+:/;

/** Slack reads these three as markup of its own. */
const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Escaped, and cut so that no entity is split. */
const escaped = (text: string, limit: number): string => {
  const whole = escape(cut(text, limit));
  return whole.length <= limit ? whole : cut(whole, limit).replace(/&[a-z]*…$/, "…");
};

/**
 * A text of others, shown as it is and in one line. What Slack would format stands in a code span, where it
 * formats nothing; a backtick, which would end it, becomes the character that looks most like one.
 */
const literal = (text: string, limit = LITERAL_LIMIT): string => {
  const line = oneLine(text);
  return FORMATTING.test(line)
    ? `\`${escaped(line.replaceAll("`", "ˋ"), limit - 2)}\``
    : escaped(line, limit);
};

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
  text: headline,
  blocks: [`*${headline}*`, ...sections(lines, BLOCKS_LIMIT - 1)].map((text) => ({
    type: "section",
    text: { type: "mrkdwn", text, verbatim: true },
  })),
});

const placer = ({ placed_by }: AnnouncedOrder): string =>
  placed_by === undefined ? "" : `, placed by ${literal(placed_by, 300)}`;

/** A product has 64 characters and a name 256, by the platform's own rules; whoever breaks them is cut. */
const orderLine = (order: AnnouncedOrder): string => {
  const { order_id, product, power, reason } = order;
  const why = reason === undefined ? "" : ` (${literal(reason, 2_000)})`;
  return `• order ${order_id}: ${literal(product, 400)}, ${power}${why}${placer(order)}`;
};

const orders = (count: number): string => (count === 1 ? "1 order" : `${count} orders`);

const TEST_ORDERS_NAMED = 10;

/** One quiet line, whatever became of them. */
const testOrders = (closed: ReadonlyArray<AnnouncedOrder>): string =>
  [
    `Test ${closed.length === 1 ? "order" : "orders"} closed: ${closed
      .slice(0, TEST_ORDERS_NAMED)
      .map((order) => `order ${order.order_id}: ${literal(order.reason ?? "rejected", 200)}${placer(order)}`)
      .join("; ")}`,
    ...(closed.length > TEST_ORDERS_NAMED ? [`… and ${closed.length - TEST_ORDERS_NAMED} more`] : []),
  ].join(" ");

/** One message an announcement: a page's orders stay together. */
export const announcementMessage = (announcement: Announcement): SlackMessage => {
  const place = `[${literal(announcement.environment, 100)}]`;
  const ofOrders = (what: string, { orders: some }: { readonly orders: ReadonlyArray<AnnouncedOrder> }) =>
    message(`${place} ${orders(some.length)} ${what}`, some.map(orderLine));
  switch (announcement.kind) {
    case "orders-rejected":
      return ofOrders("rejected by the auction", announcement);
    case "order-refused":
      return ofOrders("refused at submission", announcement);
    case "orders-expired":
      return ofOrders("expired: not sent before the gate closed", announcement);
    case "orders-in-doubt":
      return ofOrders("past the gate that the auction may or may not have", announcement);
    case "test-orders-closed":
      return message(`${place} ${testOrders(announcement.orders)}`, []);
    case "orders-overdue":
      return ofOrders("without a result for too long", announcement);
    case "order-unreadable":
      return message(
        `${place} ${orders(announcement.order_ids.length)} stored but unreadable`,
        announcement.order_ids.map((id) => `• order ${id}: the log has what is wrong with it`),
      );
    case "results-quarantined":
      return message(
        `${place} ${announcement.count} results set aside in ${literal(announcement.key, HEADLINE_LIMIT)}`,
        announcement.reasons.map((reason) => `• ${literal(reason)}`),
      );
    case "page-refused":
      return message(`${place} A page of results was not archived, and the orders on it are undecided`, [
        literal(announcement.reason),
        `It is kept as ${literal(announcement.key, HEADLINE_LIMIT)}; docs/runbook.md says what to do`,
      ]);
    case "trading-halted":
      return message(`${place} Trading halted: nothing is sent to the auction`, [
        literal(announcement.reason),
        announcement.intake === "open"
          ? "New orders are taken, and wait until trading is resumed"
          : "New orders are refused until trading is resumed",
        `Halted since ${announcement.since}; docs/runbook.md says how to resume`,
      ]);
    case "trading-resumed":
      return message(`${place} Trading resumed: orders are sent to the auction`, [
        literal(announcement.reason),
        "Those that waited are sent now; those whose gate has closed meanwhile expire",
      ]);
    case "pipeline-failed":
      return message(`${place} Fetching results failed: ${literal(announcement.error, HEADLINE_LIMIT)}`, [
        `execution ${literal(announcement.execution)}`,
        literal(announcement.cause),
      ]);
  }
};

export const alarmMessage = (
  environment: string,
  { AlarmName, AlarmDescription, NewStateValue, NewStateReason }: Alarm,
): SlackMessage =>
  message(
    `[${literal(environment, 100)}] ${NewStateValue === "OK" ? "Alarm over" : "Alarm"}: ${literal(AlarmName, HEADLINE_LIMIT)}`,
    // What to do comes first, and is left out once it is over.
    [NewStateValue === "OK" ? "" : (AlarmDescription ?? ""), NewStateReason]
      .filter((line) => line !== "")
      .map((line) => literal(line)),
  );

export const budgetMessage = (environment: string, spending: Spending): SlackMessage => {
  const [amount, what] =
    spending["Alert Type"] === "ACTUAL"
      ? [spending["ACTUAL Amount"], "spent"]
      : [spending["FORECASTED Amount"], "forecasted"];
  const told = [amount, spending["Budgeted Amount"]].map((dollars) => literal(dollars, 100)).join(" of ");
  return message(
    `[${literal(environment, 100)}] Budget ${literal(spending["Budget Name"], HEADLINE_LIMIT)}: ${told} ${what}`,
    ["Runbook: docs/runbook.md#over-budget"],
  );
};

/** Something else on the topic: shown as it is, so that nobody misses it, and never as markup. */
export const unknownMessage = (environment: string, body: string): SlackMessage =>
  message(`[${literal(environment, 100)}] A message of an unknown kind`, [literal(body)]);
