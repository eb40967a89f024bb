/** `npm run submit -- FILE [--endpoint URL]`: sends a file of orders, and tells what became of each. */
import { main } from "../lib/command";
import { program } from "./submit/program";

void main(program);
