import * as E from "fp-ts/Either";
import { compare } from "../../../cli/audit-trail/check";
import { csvLine, HEADER, jsonLine } from "../../../cli/audit-trail/row";
import type { Record } from "../../../cli/audit-trail/read";
import { archived } from "../../../functions/domain/archived-order";
import type { StoredOrder } from "../../../functions/domain/stored-order";
import { order } from "../../support/in-memory";
import { instant } from "../../support/instant";

const KEY = "orders/dt=2026-01-01/run-00000.json";
const STORED: StoredOrder = {
  ...order(1, "=1+1", -2),
  valid_until: instant("2026-01-01T10:00:00+01:00"),
  status: "accepted",
  request_id: "request-1",
  placed_by: "desk, north",
  received_at: "2026-01-01T09:00:00.000Z",
  submitted_at: "2026-01-01T09:00:01.000Z",
  submitted_by: "submit/1",
  decided_at: "2026-01-01T09:00:02.000Z",
  decided_by: "run",
  archive_key: KEY,
  awarded_power: -1,
  price: "-4.10",
  currency: "EUR",
};
const RECORD: Record = { ...archived(STORED), key: KEY };

describe("the archive held against the table", () => {
  it.each<readonly [string, StoredOrder | undefined, unknown]>([
    ["the same", STORED, { _tag: "same" }],
    ["forgotten", undefined, { _tag: "forgotten" }],
    ["archived in another object too", { ...STORED, archive_key: "another" }, { _tag: "elsewhere" }],
    ["of another status", { ...STORED, status: "rejected" }, { _tag: "contradiction" }],
    ["of another power", { ...STORED, power: 7 }, { _tag: "contradiction" }],
    ["of another award", { ...STORED, price: "-4.1" }, { _tag: "contradiction" }],
    [
      "of another gate",
      { ...STORED, valid_until: instant("2026-01-01T10:00:00Z") },
      { _tag: "contradiction" },
    ],
    ["placed by another", { ...STORED, placed_by: "x" }, { _tag: "contradiction" }],
    ["decided at another time", { ...STORED, decided_at: "2026-01-02" }, { _tag: "contradiction" }],
  ])("is %s", (_, stored, verdict) => {
    expect(compare(RECORD, stored === undefined ? undefined : E.right(stored))).toMatchObject(
      verdict as object,
    );
  });

  it("takes an object for right that the table has not noted yet", () => {
    const { archive_key, ...waiting } = STORED;
    expect([archive_key, compare(RECORD, E.right(waiting))]).toEqual([KEY, { _tag: "same" }]);
  });

  it("asks of an earlier release's object no history", () => {
    expect(compare({ ...RECORD, history: [] }, E.right(STORED))).toEqual({ _tag: "same" });
  });
});

describe("a line of the audit trail", () => {
  it("has a cell for each column, quoted where it must be, and no formula", () => {
    const line = csvLine(RECORD, { _tag: "same" });
    expect(HEADER.split(",")).toHaveLength(line.split(",").length - 1);
    expect(line).toBe(
      `1,'=1+1,-2,accepted,-1,-4.10,EUR,2026-01-01T09:00:02.000Z,run,,"desk, north",2026-01-01T09:00:00.000Z,request-1,2026-01-01T09:00:01.000Z,submit/1,2026-01-01T10:00:00+01:00,,,,${KEY},same`,
    );
  });

  it.each(["=cmd()", "+1", "-1+1", "@x", "\tx"])("runs no formula of a reference: %j", (reference) => {
    expect(csvLine({ ...RECORD, reference }, { _tag: "same" })).toContain(`,'${reference},`);
  });

  it("is JSON with the whole history", () => {
    expect(JSON.parse(jsonLine(RECORD, { _tag: "contradiction", why: "no" }))).toEqual({
      ...archived(STORED),
      archived_in: KEY,
      table: "contradicts: no",
    });
  });
});
