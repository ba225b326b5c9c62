import type { Role } from "../api/types";

export interface NavigationEntry {
  path: string;
  /** Key in the `common` catalogue. */
  label: string;
  roles: readonly Role[];
}

const EVERYONE: readonly Role[] = ["annotator", "reviewer", "admin"];
const REVIEWERS: readonly Role[] = ["reviewer", "admin"];
const ADMINS: readonly Role[] = ["admin"];

/** The pages of a project and who sees them; the server checks again. */
export const PROJECT_PAGES: readonly NavigationEntry[] = [
  { path: "label", label: "nav.label", roles: EVERYONE },
  { path: "mine", label: "nav.mine", roles: EVERYONE },
  { path: "overview", label: "nav.overview", roles: REVIEWERS },
  { path: "review", label: "nav.review", roles: REVIEWERS },
  { path: "agreement", label: "nav.agreement", roles: REVIEWERS },
  { path: "trust", label: "nav.trust", roles: REVIEWERS },
  { path: "models", label: "nav.models", roles: REVIEWERS },
  { path: "playground", label: "nav.playground", roles: REVIEWERS },
  { path: "data", label: "nav.data", roles: REVIEWERS },
  { path: "settings", label: "nav.settings", roles: ADMINS },
];

export function pagesFor(role: Role): readonly NavigationEntry[] {
  return PROJECT_PAGES.filter((page) => page.roles.includes(role));
}

/** Key of the name of a project's page at this address, for the title of the window. */
export function labelOf(pathname: string): string | undefined {
  const [, , , part, id, view] = pathname.split("/");
  if (part === "runs") return "nav.run";
  if (part === "models" && view === "card") return "nav.card";
  if (part === "models" && id) return "nav.model";
  return PROJECT_PAGES.find((page) => page.path === part)?.label;
}
