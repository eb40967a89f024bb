/** The pages that have the picture, and where in them it stands: the one block of Mermaid. */
export const PAGES = ["README.md", "docs/architecture.md"] as const;

const BLOCK = /```mermaid\n[\s\S]*?\n```/;

/** The page with this picture; left as it is where it has the same already, undefined where it has no place for one. */
export const withPicture = (page: string, picture: string): string | undefined =>
  BLOCK.test(page) ? page.replace(BLOCK, () => `\`\`\`mermaid\n${picture}\n\`\`\``) : undefined;
