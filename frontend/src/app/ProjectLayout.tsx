import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation, useParams } from "react-router";
import { ApiError } from "../api/http";
import { useProjectQuery } from "../api/projects";
import { ErrorState, Loading } from "../shared/States";
import classes from "./layout.module.css";
import { NotFoundPage } from "./NotFoundPage";
import { labelOf, pagesFor } from "./navigation";

/** The project's header and pages; gives the project to them through `useProject()`. */
export function ProjectLayout() {
  const { t } = useTranslation();
  const { projectId = "" } = useParams();
  const { pathname } = useLocation();
  const query = useProjectQuery(projectId);

  if (query.isPending) return <Loading />;
  if (!query.data) {
    if (query.error instanceof ApiError && query.error.status === 404) return <NotFoundPage />;
    return <ErrorState error={query.error} onRetry={query.refetch} />;
  }
  const project = query.data;
  const page = labelOf(pathname);

  return (
    <>
      <title>{`${page ? `${t(page)} · ` : ""}${project.name} – ${t("appName")}`}</title>
      <div className={classes.projectBar}>
        <span className={classes.projectName} title={project.name}>
          {project.name}
        </span>
        {project.is_demo && (
          <Badge variant="light" size="sm" style={{ flexShrink: 0 }}>
            {t("demo")}
          </Badge>
        )}
        <nav className={classes.tabs} aria-label={t("nav.ofProject")}>
          {pagesFor(project.role).map((page) => (
            <NavLink key={page.path} to={page.path} className={classes.tab}>
              {t(page.label)}
            </NavLink>
          ))}
        </nav>
      </div>
      <Outlet context={project} />
    </>
  );
}
