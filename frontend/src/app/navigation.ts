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
  { path: "overview", label: "nav.overview", roles: REVIEWERS },
  { path: "agreement", label: "nav.agreement", roles: REVIEWERS },
  { path: "models", label: "nav.models", roles: REVIEWERS },
  { path: "playground", label: "nav.playground", roles: REVIEWERS },
  { path: "data", label: "nav.data", roles: REVIEWERS },
  { path: "settings", label: "nav.settings", roles: ADMINS },
];

export function pagesFor(role: Role): readonly NavigationEntry[] {
  return PROJECT_PAGES.filter((page) => page.roles.includes(role));
}
