import * as t from "io-ts";

/** `AUCTION_AUTH` `iam`: signed with the function's own role; `key`: a bearer key kept in a parameter. */
export const AuctionConfig = t.intersection([
  t.strict({ AUCTION_URL: t.string }),
  t.union([
    t.strict({ AUCTION_AUTH: t.literal("iam") }),
    t.strict({ AUCTION_AUTH: t.literal("key"), AUCTION_KEY_PARAMETER: t.string }),
  ]),
]);
export type AuctionConfig = t.TypeOf<typeof AuctionConfig>;

/** The same of a function that takes orders back; `none` where the auction platform gives none. */
export const WithdrawalConfig = t.union([t.strict({ AUCTION_AUTH: t.literal("none") }), AuctionConfig]);

/** `POST /orders:batch` takes at most so many; an auction platform may take fewer. */
export const MOST_ORDERS_PER_CALL = 100;
