import { Navigate } from "react-router";

/** A project opens on its labelling page: that is what most people come for. */
export function ProjectIndex() {
  return <Navigate to="label" replace />;
}
