import type { ComponentType } from "react";
import { createBrowserRouter } from "react-router";
import { Loading } from "../shared/States";
import { NotFoundPage } from "./NotFoundPage";
import { ProjectIndex } from "./ProjectIndex";
import { ProjectLayout } from "./ProjectLayout";
import { RequireSession } from "./RequireSession";
import { RootLayout } from "./RootLayout";
import { RouteError } from "./RouteError";
import { StartPage } from "./StartPage";

/** Loads a page's code when its route is first entered. */
function page<M>(load: () => Promise<M>, pick: (module: M) => ComponentType) {
  return { lazy: async () => ({ Component: pick(await load()) }) };
}

export const router = createBrowserRouter([
  {
    Component: RootLayout,
    ErrorBoundary: RouteError,
    HydrateFallback: Loading,
    children: [
      {
        ErrorBoundary: RouteError,
        children: [
          {
            path: "/login",
            ...page(
              () => import("../accounts/LoginPage"),
              (m) => m.LoginPage,
            ),
          },
          {
            path: "/invitations/:token",
            ...page(
              () => import("../accounts/InvitationPage"),
              (m) => m.InvitationPage,
            ),
          },
          {
            path: "/password-reset/:uid/:token",
            ...page(
              () => import("../accounts/PasswordResetPage"),
              (m) => m.PasswordResetPage,
            ),
          },
          {
            Component: RequireSession,
            children: [
              {
                path: "/",
                ...page(
                  () => import("../projects/ProjectListPage"),
                  (m) => m.ProjectListPage,
                ),
              },
              { path: "/start", Component: StartPage },
              {
                path: "/projects/new",
                ...page(
                  () => import("../settings/NewProjectPage"),
                  (m) => m.NewProjectPage,
                ),
              },
              {
                path: "/account",
                ...page(
                  () => import("../accounts/AccountPage"),
                  (m) => m.AccountPage,
                ),
              },
              {
                path: "/users",
                ...page(
                  () => import("../accounts/UsersPage"),
                  (m) => m.UsersPage,
                ),
              },
              {
                path: "/projects/:projectId",
                Component: ProjectLayout,
                children: [
                  {
                    ErrorBoundary: RouteError,
                    children: [
                      { index: true, Component: ProjectIndex },
                      {
                        path: "label",
                        ...page(
                          () => import("../label/LabelPage"),
                          (m) => m.LabelPage,
                        ),
                      },
                      {
                        path: "mine",
                        ...page(
                          () => import("../mine/MinePage"),
                          (m) => m.MinePage,
                        ),
                      },
                      {
                        path: "overview",
                        ...page(
                          () => import("../progress/OverviewPage"),
                          (m) => m.OverviewPage,
                        ),
                      },
                      {
                        path: "data",
                        ...page(
                          () => import("../data/DataPage"),
                          (m) => m.DataPage,
                        ),
                      },
                      {
                        path: "review",
                        ...page(
                          () => import("../review/ReviewPage"),
                          (m) => m.ReviewPage,
                        ),
                      },
                      {
                        path: "review/:itemId",
                        ...page(
                          () => import("../review/ReviewItemPage"),
                          (m) => m.ReviewItemPage,
                        ),
                      },
                      {
                        path: "agreement",
                        ...page(
                          () => import("../agreement/AgreementPage"),
                          (m) => m.AgreementPage,
                        ),
                      },
                      {
                        path: "trust",
                        ...page(
                          () => import("../trust/TrustPage"),
                          (m) => m.TrustPage,
                        ),
                      },
                      {
                        path: "models",
                        ...page(
                          () => import("../training/ModelsPage"),
                          (m) => m.ModelsPage,
                        ),
                      },
                      {
                        path: "models/:modelId",
                        ...page(
                          () => import("../training/ModelPage"),
                          (m) => m.ModelPage,
                        ),
                      },
                      {
                        path: "models/:modelId/card",
                        ...page(
                          () => import("../training/ModelCardPage"),
                          (m) => m.ModelCardPage,
                        ),
                      },
                      {
                        path: "runs/:runId",
                        ...page(
                          () => import("../training/RunPage"),
                          (m) => m.RunPage,
                        ),
                      },
                      {
                        path: "playground",
                        ...page(
                          () => import("../playground/PlaygroundPage"),
                          (m) => m.PlaygroundPage,
                        ),
                      },
                      {
                        path: "settings",
                        ...page(
                          () => import("../settings/SettingsPage"),
                          (m) => m.SettingsPage,
                        ),
                      },
                    ],
                  },
                ],
              },
            ],
          },
          { path: "*", Component: NotFoundPage },
        ],
      },
    ],
  },
]);
