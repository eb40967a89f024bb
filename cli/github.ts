/** `npm run github -- COMMAND …`: what the workflows ask GitHub and tell people. */
import { main } from "../lib/command";
import { program } from "./github/program";

void main(program);
