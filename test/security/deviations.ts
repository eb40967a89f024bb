/** What Checkov asks for and we do not do. */
export type Deviation = {
  readonly checks: ReadonlyArray<string>;
  readonly asks: string;
  readonly why: string;
  /** Where, if not everywhere: what else Checkov finds by these checks is a failure. */
  readonly where?: Where;
};

type Where = {
  readonly said: string;
  readonly holds: (stack: string, resource: string) => boolean;
};

const outside = (...stacks: ReadonlyArray<string>): Where => ({
  said: `outside ${stacks.join(" and ")}`,
  holds: (stack) => !stacks.includes(stack),
});

export const DEVIATIONS: ReadonlyArray<Deviation> = [
  {
    checks: ["CKV_AWS_119", "CKV_AWS_145", "CKV_AWS_158", "CKV_AWS_173", "CKV_AWS_297"],
    asks: "a customer's key for tables, buckets, logs, variables and schedules",
    why: "They are encrypted with AWS's keys. A key of ours would keep out nobody whom the policies let in, would cost a request each, and a lost key policy would lose the orders. Topics have one, because CloudWatch cannot publish under AWS's.",
  },
  {
    checks: ["CKV_AWS_117"],
    asks: "functions in a VPC",
    why: "They speak to AWS's APIs and the auction platform's public address only, and listen nowhere; a VPC would add a NAT gateway and take nothing away.",
  },
  {
    checks: ["CKV_AWS_272"],
    asks: "signed code",
    why: "Bundles are built reproducibly; the release manifest holds their digests and is verified before every deployment.",
  },
  {
    checks: ["CKV_AWS_116"],
    asks: "a dead-letter queue for every function",
    why: "Functions that are invoked asynchronously have a failure destination, which keeps the error beside the event; a rule of ours holds it. Nobody waits for the others' answers in vain: the API, the queue and the state machine see a failure themselves.",
  },
  {
    checks: ["CKV_AWS_115"],
    asks: "executions reserved for every function",
    where: outside("prod"),
    why: "An account's executions are few until it asks for more; outside prod functions share them, and the queue's consumer is bounded by its mapping.",
  },
  {
    checks: ["CKV_AWS_28"],
    asks: "tables that can be brought back to any second of the last weeks",
    where: outside("prod", "staging"),
    why: "What dev and local hold is made up and made again.",
  },
  {
    checks: ["CKV_AWS_28"],
    asks: "the same",
    where: {
      said: "the simulator's ledger",
      holds: (_, resource) => resource.endsWith(".auction_ledger"),
    },
    why: "It is made up everywhere.",
  },
  {
    checks: ["CKV_AWS_338"],
    asks: "logs that are kept for a year",
    where: outside("prod"),
    why: "Outside prod logs are about orders that are made up.",
  },
  {
    checks: ["CKV_AWS_285"],
    asks: "a log of each step's data in the state machine",
    why: "It would copy pages and announcements into a log that more people read than the bucket and the topic. Steps are logged without their data.",
  },
  {
    checks: ["CKV_AWS_309"],
    asks: "an authorization type for every route",
    where: { said: "in local", holds: (stack) => stack === "local" },
    why: "The local platform listens on loopback; `npm start -- --auth` asks for signatures or tokens there too.",
  },
  {
    checks: ["CKV_AWS_18"],
    asks: "a log of every request to a bucket",
    why: "One role writes the archive and logs each object it writes. Who else reads it is for the account's trail, which is not this stack's.",
  },
  {
    checks: ["CKV_AWS_144"],
    asks: "buckets copied to another region",
    why: "Orders must not leave their region; versions and the auction platform's own feed are the second copy.",
  },
  {
    checks: ["CKV2_AWS_62"],
    asks: "notifications of a bucket's events",
    why: "Nothing waits for objects of the archive.",
  },
];
