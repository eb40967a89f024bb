/** The keys of the archive's bucket. */
import type { ResultPage } from "./results";

/** Everything of the orders; the bucket's rules are about it. */
export const ARCHIVE = "orders/";

/** The accepted orders of result pages, one object a page. */
export const ARCHIVED_PAGES = `${ARCHIVE}dt=`;

type Page = Pick<ResultPage, "run" | "number" | "dt">;

const nameOf = ({ run, number, dt }: Page): string => `${dt}/${run}-${String(number).padStart(5, "0")}.json`;

/** The same page has the same key, so that archiving it again overwrites it. */
export const archiveKey = (page: Page): string => `${ARCHIVED_PAGES}${nameOf(page)}`;

/** The results of a page that could not be counted. */
export const quarantineKey = (page: Page): string => `${ARCHIVE}quarantine/dt=${nameOf(page)}`;
