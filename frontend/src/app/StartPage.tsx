import { Navigate } from "react-router";
import { useProjects } from "../api/projects";
import { useSession } from "../api/session";
import type { Project } from "../api/types";
import { ErrorState, Loading } from "../shared/States";

/** Where a log-in leads: to labelling in the only project or in the demo's comparison, else to the list. */
export function StartPage() {
  const session = useSession();
  const projects = useProjects();
  if (projects.isPending || session.isPending) return <Loading />;
  if (projects.isError) return <ErrorState error={projects.error} onRetry={projects.refetch} />;
  const first = firstToLabel(projects.data, session.data?.demo != null);
  return <Navigate to={first ? `/projects/${first.id}/label` : "/"} replace />;
}

function firstToLabel(projects: Project[], isDemo: boolean): Project | undefined {
  if (isDemo) {
    return projects.find((project) => project.is_demo && project.item_kind === "pair");
  }
  return projects.length === 1 ? projects[0] : undefined;
}
