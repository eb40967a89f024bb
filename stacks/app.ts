import { App, Tokenization } from "cdktf";
import { resolveQuickly } from "./resolving";

/**
 * Synthesizes what is built in an app. Nobody reads the stack trace that cdktf keeps of each token, a sixth of the time;
 * and all that it validates is Terraform's version, by a process for each stack: whatever runs Terraform does that.
 *
 * @param outdir without one, what cdktf says, or `cdktf.out`
 */
export const synthesized = (outdir: string | undefined, build: (app: App) => void): App => {
  const capture = Object.getOwnPropertyDescriptor(Error, "captureStackTrace") ?? {};
  const resolve = Object.getOwnPropertyDescriptor(Tokenization, "resolve") ?? {};
  Error.captureStackTrace = () => undefined;
  Tokenization.resolve = resolveQuickly;
  try {
    const app = new App({ skipValidation: true, ...(outdir === undefined ? {} : { outdir }) });
    build(app);
    app.synth();
    return app;
  } finally {
    Object.defineProperty(Error, "captureStackTrace", capture);
    Object.defineProperty(Tokenization, "resolve", resolve);
  }
};
