import { Navigate } from "react-router";
import { useProjects } from "../api/projects";
import { ErrorState, Loading } from "../shared/States";

/** Where a log-in leads: straight to labelling when there is one project, else to the list. */
export function StartPage() {
  const projects = useProjects();
  if (projects.isPending) return <Loading />;
  if (projects.isError) return <ErrorState error={projects.error} onRetry={projects.refetch} />;
  const [only] = projects.data;
  const target = only && projects.data.length === 1 ? `/projects/${only.id}/label` : "/";
  return <Navigate to={target} replace />;
}
