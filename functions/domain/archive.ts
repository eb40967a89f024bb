/** The keys of the archive's bucket. */
import { stringOf } from "../../lib/codecs";

/** Names a page for ever, whoever archives it: the execution that began it, its number there, and the day. */
export type PageName = { readonly run: string; readonly number: number; readonly dt: string };

/** Everything of the orders; the bucket's rules are about it. */
export const ARCHIVE = "orders/";

/** The accepted orders of result pages, one object a page. */
export const ARCHIVED_PAGES = `${ARCHIVE}dt=`;

/** Orders that ended otherwise than accepted, one object a page or a sweep. */
export const CLOSED = `${ARCHIVE}closed/dt=`;

/** Result pages as they came: the evidence of what the auction platform said. */
export const RAW_PAGES = "results/raw/dt=";

const RAW_KEY = /^results\/raw\/dt=(\d{4}-\d{2}-\d{2})\/[^/]+\.json$/;

export const RawKey = stringOf("the key of a page as it came, results/raw/dt=YYYY-MM-DD/NAME.json", (key) =>
  RAW_KEY.test(key),
);

/** A page that is archived again has a name of its own, the same however often the execution tries. */
export const replayName = (key: string, execution: string): PageName => ({
  run: execution,
  number: 0,
  dt: RAW_KEY.exec(key)?.[1] ?? "",
});

const stemOf = ({ run, number, dt }: PageName): string => `${dt}/${run}-${String(number).padStart(5, "0")}`;

/** The same page has the same key, so that archiving it again overwrites it. */
export const archiveKey = (page: PageName): string => `${ARCHIVED_PAGES}${stemOf(page)}.json`;

/** The orders that the page rejects. */
export const closedKey = (page: PageName): string => `${CLOSED}${stemOf(page)}.json`;

/**
 * Orders that ended on one day without a result page.
 *
 * @param digest of the object: the same orders have the same key, and no others ever take their place
 */
export const endedKey = (dt: string, digest: string): string => `${CLOSED}${dt}/${digest.slice(0, 32)}.json`;

const PAGE_KEY = /\/dt=\d{4}-\d{2}-\d{2}\/(.+)-\d{5}\.json$/;

/** The run that an archived page is named after; none of what ended without a page. */
export const runOf = (key: string): string | undefined => PAGE_KEY.exec(key)?.[1];

/** The results of a page that could not be counted. */
export const quarantineKey = (page: PageName): string => `${ARCHIVE}quarantine/dt=${stemOf(page)}.json`;

/** @param digest of the page's bytes: a page that reads otherwise when it is fetched again replaces nothing */
export const rawKey = (page: PageName, digest: string): string =>
  `${RAW_PAGES}${stemOf(page)}-${digest.slice(0, 16)}.json`;
