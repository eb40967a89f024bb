import { orderId, requestId, since } from "../../../cli/logs/options";

const NOW = Date.parse("2027-01-31T06:00:00Z");

it.each([
  ["90s", NOW - 90_000],
  ["10m", NOW - 600_000],
  ["2d", NOW - 172_800_000],
  ["2027-01-30T00:00Z", Date.parse("2027-01-30T00:00Z")],
  ["999999d", 0],
])("--since %s", (text, at) => {
  expect(since(text, NOW)).toBe(at);
});

it.each(["soon", "1", "10 m", "-1h", "2027-13-45", "7"])(
  "refuses --since %s and says what it may be",
  (text) => {
    expect(() => since(text, NOW)).toThrow(
      `--since ${text}: expected a time span such as 90s, 10m, 1h or 2d`,
    );
  },
);

it.each(["0", "-1", "1e3", "x", "9007199254740993"])("refuses order %s", (text) => {
  expect(() => orderId(text)).toThrow("expected the id of an order");
});

it("takes ids of requests as API Gateway and Lambda write them, and nothing that would end a term", () => {
  expect(requestId("JKJaXmPLvHcESHA=")).toBe("JKJaXmPLvHcESHA=");
  expect(() => requestId('"')).toThrow("expected the id of a request");
});
