/**
 * What the way of orders asks of the services: so much for each order, and so much for each thing that many orders
 * share. test/platform/cost.test.ts counts the requests of the running local platform and holds them to this.
 */

/** What happens so often in a day. */
export type Events = {
  /** Orders stored, submitted and decided. */
  readonly order: number;
  /** POST /orders. */
  readonly request: number;
  /** SendMessageBatch. */
  readonly send: number;
  /**
   * BatchExecuteStatement of what is stored, what a batch claims, what the auction platform answers in one call, and what a
   * page decides: 25 orders each.
   */
  readonly write: number;
  /** Batches of messages that submit-orders is given. */
  readonly batch: number;
  /** Messages that are received and deleted together: ten, whatever a batch has. */
  readonly receive: number;
  /** Pages of results. */
  readonly page: number;
  /** BatchGetItem of a page, and of a request whose orders are limited: a hundred orders each. */
  readonly read: number;
  /** Products of requests that a day's limit is for. */
  readonly limited: number;
  /** Pages with rejected orders. */
  readonly rejectedPage: number;
  /** Executions that find something, and those that wait in vain. */
  readonly execution: number;
  /** Waits of an execution for its first page. */
  readonly wait: number;
  /** GET /orders/{order_id}. */
  readonly look: number;
  readonly sweep: number;
  /** Batches of writes to orders that publish-changes is given. */
  readonly follow: number;
  /** Changes that are told together, ten at most. */
  readonly publication: number;
  /** Changes that come to a queue of another system. */
  readonly delivery: number;
};

/** Requests by what they are called locally: `service Operation`. */
type Requests = Readonly<Partial<Record<Request, number>>>;

const REQUESTS = [
  "execute-api POST /orders",
  "execute-api GET /orders/{order_id}",
  "lambda place-orders",
  "lambda query-orders",
  "lambda submit-orders",
  "lambda fetch-results",
  "lambda archive-results",
  "lambda sweep-orders",
  "lambda notify-slack",
  "lambda publish-changes",
  "dynamodb BatchExecuteStatement",
  "dynamodb UpdateItem",
  "dynamodb BatchGetItem",
  "dynamodb Query",
  "sqs SendMessageBatch",
  "sqs DeleteMessageBatch",
  "sqs ReceiveMessage",
  "s3 PutObject",
  "s3 GetObject",
  "sns Publish",
  "sns PublishBatch",
  "sns delivery",
  "states transition",
] as const;
export type Request = (typeof REQUESTS)[number];

const WAY: Readonly<Record<keyof Events, Requests>> = {
  order: {},
  request: { "execute-api POST /orders": 1, "lambda place-orders": 1 },
  send: { "sqs SendMessageBatch": 1 },
  write: { "dynamodb BatchExecuteStatement": 1 },
  batch: { "lambda submit-orders": 1, "dynamodb BatchGetItem": 1 },
  receive: { "sqs ReceiveMessage": 1, "sqs DeleteMessageBatch": 1 },
  // Its lease is taken before it is fetched and before it is archived; then the page is committed.
  page: {
    "lambda fetch-results": 1,
    "lambda archive-results": 1,
    "dynamodb UpdateItem": 3,
    "s3 PutObject": 2,
    "s3 GetObject": 1,
    "states transition": 4,
  },
  read: { "dynamodb BatchGetItem": 1 },
  limited: { "dynamodb UpdateItem": 1 },
  rejectedPage: { "sns Publish": 1, "lambda notify-slack": 1, "s3 PutObject": 1 },
  execution: { "states transition": 3 },
  // FetchResults takes the lease, and gives it up.
  wait: { "lambda fetch-results": 1, "dynamodb UpdateItem": 2, "states transition": 4 },
  look: { "execute-api GET /orders/{order_id}": 1, "lambda query-orders": 1, "dynamodb BatchGetItem": 1 },
  // Five walks of eight parts: two of each status in flight, one of what is not archived yet.
  sweep: { "lambda sweep-orders": 1, "dynamodb Query": 40 },
  // Lambda's own reading of the stream costs nothing.
  follow: { "lambda publish-changes": 1 },
  publication: { "sns PublishBatch": 1 },
  delivery: { "sns delivery": 1 },
};

/** How often each request is made. */
export const requestsOf = (events: Events): Readonly<Record<Request, number>> => {
  const sum = (request: Request): number =>
    (Object.keys(WAY) as ReadonlyArray<keyof Events>).reduce(
      (total, event) => total + events[event] * (WAY[event][request] ?? 0),
      0,
    );
  return Object.fromEntries(REQUESTS.map((request) => [request, sum(request)])) as Record<Request, number>;
};

/** Write units of one order, by the index that they are for: stored, claimed, submitted, decided. */
export const WRITE_UNITS = { table: 4, "in-flight": 5, decided: 1, listed: 1 } as const;

/** Changes of one order that others are told of: placed, submitted, decided. Its claim is told to nobody. */
export const CHANGES_PER_ORDER = 3;

/** Changes that are published together. */
export const CHANGES_A_PUBLICATION = 10;

/** Orders that place-orders places together. */
const PLACED_TOGETHER = 100;
/** What one request to the queue holds, in either direction. */
export const MESSAGES_A_REQUEST = 10;
const ORDERS_A_WRITE = 25;
const ORDERS_A_READ = 100;

/** Requests for so many orders, of which `together` are worked on at a time and `each` go into one. */
const shared = (orders: number, together: number, each: number): number =>
  Math.floor(orders / together) * Math.ceil(together / each) + Math.ceil((orders % together) / each);

/** Requests to the queue for one request to the API. */
export const sendsOf = (orders: number): number => shared(orders, PLACED_TOGETHER, MESSAGES_A_REQUEST);

/** Requests to the table for so many orders that are stored, claimed, answered or decided together. */
export const writesOf = (orders: number): number => shared(orders, PLACED_TOGETHER, ORDERS_A_WRITE);

/** Requests to the table that read so many orders. */
export const readsOf = (orders: number): number => Math.ceil(orders / ORDERS_A_READ);
