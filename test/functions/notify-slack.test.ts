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

  it("says of test orders one quiet line", async () => {
    const closed = { ...order(8, "smoke-test"), reason: "test order: not sent" };
    const { posted } = await notify(new World(), [
      JSON.stringify({ kind: "test-orders-closed", environment: "test", orders: [closed] }),
    ]);
    expect(posted.map(text)).toEqual(["*[test] Test order closed: order 8: test order: not sent*"]);
  });

  it("has no markup of anybody else's", async () => {
    const { posted } = await notify(new World(), [
      rejected({ ...order(1), product: "<!channel> & <https://x|y>" }),
    ]);
    expect(posted.map(text).join()).toContain("&lt;!channel&gt; &amp; &lt;https://x|y&gt;");
    expect(posted.map(text).join()).not.toMatch(/<[!@#h]/);
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
