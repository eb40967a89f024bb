/** How far a long command has come: a bar with rate and remaining time on a terminal, elsewhere a line now and then. */
import type { WriteStream } from "node:tty";
import { cut } from "./text";

type Options = {
  /** What is counted, and what becomes of it: `orders answered`. */
  readonly of: string;
  readonly total?: number;
  readonly terminal?: Pick<WriteStream, "isTTY" | "columns" | "write">;
  /** Where lines go. */
  readonly print?: (line: string) => void;
  readonly now?: () => number;
};

type Sample = { readonly time: number; readonly count: number; readonly share: number };

const BAR_WIDTH = 24;
const REDRAWN_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;
/** Rate and remaining time are those of the last while: what comes is more like it than like the beginning. */
const WINDOW_MS = 15_000;
const SAMPLE_EVERY_MS = 500;

const number = (value: number): string => value.toLocaleString("en-GB", { maximumFractionDigits: 0 });

const duration = (seconds: number): string => {
  if (seconds < 100) return `${number(Math.ceil(seconds))} s`;
  return seconds < 6_000 ? `${number(seconds / 60)} min` : `${number(seconds / 3_600)} h`;
};

const bar = (share: number): string => {
  const full = Math.round(share * BAR_WIDTH);
  return `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)}`;
};

/** In words: `420 of 1,000 orders answered, 42 %, 210/s, 3 s left`. */
const told = (from: Sample, last: Sample, { of, total }: Options): ReadonlyArray<string> => {
  const seconds = (last.time - from.time) / 1_000;
  const rate = (last.count - from.count) / seconds;
  const left = ((1 - last.share) / (last.share - from.share)) * seconds;
  return [
    `${number(last.count)}${total === undefined ? "" : ` of ${number(total)}`} ${of}`,
    `${Math.floor(last.share * 100)} %`,
    ...(rate > 0 ? [`${number(rate)}/s`] : []),
    ...(left > 0 && Number.isFinite(left) ? [`${duration(left)} left`] : []),
  ];
};

export const progress = (options: Options) => {
  const { total, terminal = process.stderr, now = Date.now } = options;
  const print = options.print ?? ((line: string) => console.log(line));
  const begun: Sample = { time: now(), count: 0, share: 0 };
  /** The first is the newest from before the window, or the beginning. */
  const samples = [begun];
  let last: Sample | undefined;
  let shownAt = begun.time;

  const clear = (): void => {
    if (terminal.isTTY) terminal.write("\r\u001b[K");
  };
  const show = (): void => {
    if (last === undefined) return;
    shownAt = last.time;
    const words = told(samples[0] ?? begun, last, options);
    if (terminal.isTTY)
      terminal.write(
        `\r${cut(`${bar(last.share)}  ${words.join("  ")}`, (terminal.columns || 80) - 1)}\u001b[K`,
      );
    else print(words.join(", "));
  };

  return {
    /** @param share of all work that this is; not needed where `total` says how much that is */
    at: (count: number, share = total === undefined || total === 0 ? 0 : count / total): void => {
      last = { time: now(), count, share: Math.min(1, share) };
      if (last.time - (samples.at(-1)?.time ?? 0) >= SAMPLE_EVERY_MS) samples.push(last);
      while ((samples[1]?.time ?? last.time) <= last.time - WINDOW_MS) samples.shift();
      if (last.time - shownAt >= (terminal.isTTY ? REDRAWN_EVERY_MS : LINE_EVERY_MS)) show();
    },
    /** Prints what else there is to say, above the bar. */
    say: (line: string): void => {
      clear();
      print(line);
      if (terminal.isTTY) show();
    },
    /** Leaves the terminal to whatever is printed next. */
    end: (): void => {
      clear();
      last = undefined;
    },
  };
};

export type Progress = ReturnType<typeof progress>;
