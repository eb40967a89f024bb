import type { WriteStream } from "node:tty";
import { styleText } from "node:util";

export type Colour = "green" | "yellow" | "red" | "blue" | "magenta" | "cyan" | "gray";

/** Whether a person looks at it in colours: on a terminal that has some, and not where `NO_COLOR` is set. */
export const hasColours = (stream: Pick<WriteStream, "isTTY" | "hasColors">): boolean =>
  stream.isTTY && stream.hasColors(process.env);

export const painter =
  (coloured: boolean) =>
  (colour: Colour, text: string): string =>
    coloured ? styleText(colour, text, { validateStream: false }) : text;
