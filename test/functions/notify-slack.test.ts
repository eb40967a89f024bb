import * as E from "fp-ts/Either";
import fc from "fast-check";
import { Announcement } from "../../functions/domain/announcement";
import { announcementMessage, type SlackMessage } from "../../functions/notify-slack/message";
import { notifySlack } from "../../functions/notify-slack/notify-slack";
import { permanent, type PortError, transient } from "../../functions/ports/errors";
import { arbitrary } from "../support/arbitrary";
import { order, World } from "../support/in-memory";

const notify = async (world: World, bodies: string[], answers: PortError[] = []) => {
  const posted: SlackMessage[] = [];
  const webhook = {
    post: (message: unknown) => () => {
      const answer = answers.shift();
      if (answer !== undefined) return Promise.resolve(E.left(answer));
      posted.push(message as SlackMessage);
      return Promise.resolve(E.right(undefined));
    },
  };
  const result = await notifySlack(bodies)({ ...world.ports, webhook, deadline: world.deadline })();
  return { posted, result };
};

const rejected = (...orders: object[]): string =>
  JSON.stringify({ kind: "orders-rejected", environment: "test", key: "k", orders });

const text = ({ blocks }: SlackMessage): string => blocks.map((block) => block.text.text).join("\n");

describe("a Slack message", () => {
  it("keeps the orders of a page together", async () => {
    const { posted } = await notify(new World(), [rejected(order(1), order(2, "Product2", -5))]);
    expect(posted).toHaveLength(1);
    expect(posted[0]?.text).toBe("[test] 2 orders rejected by the auction");
    expect(posted.map(text).join()).toContain("• order 2: Product2, -5");
  });

  it("names who placed each order, where it is known", async () => {
    const { posted } = await notify(new World(), [
      rejected({ ...order(1), placed_by: "<!here> *desk*" }, { ...order(2), reason: "no" }),
    ]);
    expect(posted.map(text).join().split("\n")).toEqual([
      "*[test] 2 orders rejected by the auction*",
      "• order 1: Product1, 2, placed by `&lt;!here&gt; *desk*`",
      "• order 2: Product1, 2 (no)",
    ]);
  });

  it("says of test orders one quiet line", async () => {
    const closed = { ...order(8, "smoke-test"), reason: "test order: not sent", placed_by: "ci" };
    const { posted } = await notify(new World(), [
      JSON.stringify({ kind: "test-orders-closed", environment: "test", orders: [closed] }),
    ]);
    expect(posted.map(text)).toEqual([
      "*[test] Test order closed: order 8: test order: not sent, placed by ci*",
    ]);
  });

  it("has no markup of anybody else's", async () => {
    const { posted } = await notify(new World(), [
      rejected({ ...order(1), product: "<!channel> & <https://x|y>" }),
    ]);
    expect(posted.map(text).join()).toContain("&lt;!channel&gt; &amp; &lt;https://x|y&gt;");
    expect(posted.map(text).join()).not.toMatch(/<[!@#h]/);
  });

  it.each([
    ["a code span", "`x` `y`", "`ˋxˋ ˋyˋ`"],
    ["bold, italics and strokes", "*b* _i_ ~s~", "`*b* _i_ ~s~`"],
    ["an emoji by its name", "buy :rocket:", "`buy :rocket:`"],
    ["nothing to format", "Product 1", "Product 1"],
  ])("formats nothing of others: %s", async (_, product, shown) => {
    const { posted } = await notify(new World(), [rejected({ ...order(1), product })]);
    expect(posted.map(text).join()).toContain(`• order 1: ${shown}, 2`);
  });

  it("makes no link of an address, and no mention of a name", async () => {
    const { posted } = await notify(new World(), [
      rejected({ ...order(1), product: "https://x.example @channel" }),
    ]);
    for (const block of posted.flatMap(({ blocks }) => blocks))
      expect(block.text).toMatchObject({ type: "mrkdwn", verbatim: true });
  });

  it.each(["\n", "\r\n", "\u0085", "\u2028", "\u2029", "\u000B"])(
    "has no line that others forged with %j",
    async (lineBreak) => {
      const product = `P1, 2${lineBreak}• order 2: P2, 5`;
      const { posted } = await notify(new World(), [rejected({ ...order(1), product })]);
      expect(posted[0]?.blocks[1]?.text.text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    },
  );

  it("says where a text is hidden or turned around", async () => {
    const { posted } = await notify(new World(), [rejected({ ...order(1), product: "a\u202Eb\u200B" })]);
    expect(posted.map(text).join()).toContain("a\uFFFDb\uFFFD");
  });

  it("cuts a long text between its characters", async () => {
    const { posted } = await notify(new World(), ["👨‍👩‍👧".repeat(1_000)]);
    expect(posted[0]?.blocks[1]?.text.text).toMatch(/^(👨‍👩‍👧)+…$/u);
  });

  it("stays within Slack's limits, and says how much it leaves out", () => {
    const orders = Array.from({ length: 2_000 }, (_, index) => ({
      ...order(index + 1, "&".repeat(64)),
      reason: "<".repeat(400),
    }));
    const message = announcementMessage({ kind: "orders-rejected", environment: "test", key: "k", orders });
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    for (const block of message.blocks) expect(block.text.text.length).toBeLessThanOrEqual(3_000);
    expect(text(message)).toMatch(/… and \d+ more$/);
  });

  it("stays within them for any announcement", () => {
    fc.assert(
      fc.property(arbitrary(Announcement), (announcement) => {
        const message = announcementMessage(announcement);
        expect(message.blocks.length).toBeLessThanOrEqual(50);
        for (const block of message.blocks) expect(block.text.text.length).toBeLessThanOrEqual(3_000);
      }),
    );
  });

  it("says who halted and resumed trading and why, and what becomes of new orders", () => {
    const at = "2026-01-01T00:00:00.000Z";
    const halted = (intake: "open" | "refused") =>
      text(
        announcementMessage({
          kind: "trading-halted",
          environment: "test",
          at,
          since: at,
          reason: "the desk: <prices>",
          intake,
        }),
      );
    expect(halted("open")).toMatch(
      /Trading halted[^]*the desk: &lt;prices&gt;[^]*taken, and wait[^]*since 2026/,
    );
    expect(halted("refused")).toContain("New orders are refused");
    expect(
      text(announcementMessage({ kind: "trading-resumed", environment: "test", at, reason: "right again" })),
    ).toMatch(/Trading resumed[^]*right again/);
  });

  it("names an order that cannot be read by its id, and logs that it did", async () => {
    const world = new World();
    const unreadable = { kind: "order-unreadable", environment: "test", order_ids: [7] };
    const { posted } = await notify(world, [JSON.stringify(unreadable)]);
    expect(posted[0]?.text).toBe("[test] 1 order stored but unreadable");
    expect(posted.map(text).join()).toContain("order 7: the log has what is wrong with it");
    expect(world.logged).toContainEqual(
      expect.objectContaining({ fields: { notice: "order-unreadable", order_ids: [7] } }),
    );
  });

  it("reads an alarm out, and shows what it does not know as it is", async () => {
    const alarm = JSON.stringify({
      AlarmName: "prod-orders-queue-age",
      NewStateValue: "ALARM",
      AlarmDescription: "Is it answering? See <its log>.",
      NewStateReason: "Threshold Crossed",
      Trigger: {},
    });
    const { posted } = await notify(new World(), [alarm, "<b>what?</b>"]);
    expect(posted[0]?.text).toBe("[test] Alarm: prod-orders-queue-age");
    expect(posted.slice(0, 1).map(text).join()).toContain(
      "Is it answering? See &lt;its log&gt;.\nThreshold Crossed",
    );
    expect(posted.slice(1).map(text).join()).toContain("&lt;b&gt;what?&lt;/b&gt;");
  });

  const budgeted = (type: string, amount: string): string =>
    [
      "AWS Budget Notification January 28, 2026\nAWS Account 111111111111\n\nDear AWS Customer,\n",
      `You requested that we alert you when the ${type} Cost associated with your prod-orders budget is greater than $200.00 for the current month. The ${type} Cost associated with this budget is ${amount}. You can find additional details below and by accessing the AWS Budgets dashboard [1].\n`,
      `Budget Name: prod-orders\nBudget Type: Cost\nBudgeted Amount: $200.00\nAlert Type: ${type}\nAlert Threshold: > $200.00\n${type} Amount: ${amount}\n`,
      "[1] https://console.aws.amazon.com/costmanagement/home#/budgets\n",
    ].join("\n");

  it.each([
    ["ACTUAL", "$201.50", "[test] Budget prod-orders: $201.50 of $200.00 spent"],
    ["FORECASTED", "$1,310.00", "[test] Budget prod-orders: $1,310.00 of $200.00 forecasted"],
  ])("says in a line what AWS Budgets says in a letter: %s", async (type, amount, told) => {
    const world = new World();
    const { posted } = await notify(world, [budgeted(type, amount)]);
    expect(posted.map(text)).toEqual([`*${told}*\nRunbook: docs/runbook.md#over-budget`]);
    expect(world.logged).toContainEqual(expect.objectContaining({ fields: { notice: "Budget" } }));
  });

  it.each([
    [
      "a letter of a kind that it does not know",
      budgeted("COVERAGE", "$1.00").replace("COVERAGE Amount", "Coverage"),
    ],
    ["a letter without its amount", budgeted("ACTUAL", "")],
    ["what only looks like one", budgeted("ACTUAL", "$1.00").slice(4)],
  ])("shows %s as it is", async (_, body) => {
    const { posted } = await notify(new World(), [body]);
    expect(posted[0]?.text).toBe("[test] A message of an unknown kind");
    expect(posted.map(text).join()).toContain("Budget Name: prod-orders");
  });
});

describe("posting to Slack", () => {
  it("waits as Slack asks and posts again", async () => {
    const world = new World();
    const begun = world.time;
    const { posted, result } = await notify(
      world,
      [rejected(order(1))],
      [transient("posting", "429", 3_000)],
    );
    expect(E.isRight(result)).toBe(true);
    expect(posted).toHaveLength(1);
    expect(world.time - begun).toBeGreaterThanOrEqual(3_000);
  });

  it("fails where the webhook is broken, so that the platform retries, keeps the message and alarms", async () => {
    const { result } = await notify(new World(), [rejected(order(1))], [permanent("posting", "404")]);
    expect(E.isLeft(result)).toBe(true);
  });
});
