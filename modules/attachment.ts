import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { App, Aspects, TerraformStack } from "cdktf";
import { Construct } from "constructs";

const digestOf = (file: string): string =>
  createHash("md5").update(readFileSync(file)).digest("hex").toUpperCase();

/** A copy that was broken off is shorter. */
const isCopied = (file: string, copy: string): boolean =>
  statSync(copy, { throwIfNoEntry: false })?.size === statSync(file).size;

/**
 * A file in the stack's folder, where an asset of cdktf's own lies. cdktf removes and copies each at every synthesis,
 * a tenth of the time: this one is left alone if it is there, since its path says what is in it.
 */
export class Attachment extends Construct {
  /** In the stack's folder. */
  readonly path: string;

  constructor(scope: Construct, id: string, file: string) {
    super(scope, id);
    const stack = TerraformStack.of(this);
    const assets = posix.join("assets", stack.getLogicalId(this.node));
    this.path = posix.join(assets, digestOf(file), basename(file));
    const attach = (): void => {
      const root = join(App.of(this).outdir, "stacks", stack.node.id);
      const copy = join(root, this.path);
      if (isCopied(file, copy)) return;
      rmSync(join(root, assets), { recursive: true, force: true });
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(file, copy);
    };
    Aspects.of(this).add({ visit: attach });
  }
}
