/** `npm run account -- synth`: the stacks that AWS accounts need before their first environment. */
import { main } from "../lib/command";
import { program } from "./account/program";

void main(program);
