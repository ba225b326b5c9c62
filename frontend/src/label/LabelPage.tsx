import { Button, Text, VisuallyHidden } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { useProject } from "../api/projects";
import { useUser } from "../api/session";
import type { Project } from "../api/types";
import { useOutbox } from "../outbox";
import { RemarksButton } from "../remarks/RemarksButton";
import { preloadMarkdown } from "../shared/Markdown";
import { ErrorState, Loading } from "../shared/States";
import { Guidelines } from "./Guidelines";
import { KeyOverlay } from "./KeyOverlay";
import type { Binding } from "./keymap";
import { KeyTableProvider } from "./keys";
import classes from "./label.module.css";
import { Nothing } from "./Nothing";
import { bind } from "./page-keys";
import { useReadingDesk } from "./reading/useReadingDesk";
import { StatusLine } from "./StatusLine";
import { CheckedCard } from "./standing/CheckedCard";
import { useStanding } from "./standing/useStanding";
import { useLabelling } from "./useLabelling";
import { useOwnKeys } from "./useOwnKeys";
import { Workbench } from "./Workbench";

const WIDE = 1200;

function isReopenState(state: unknown): state is { reopen: string } {
  return typeof state === "object" && state !== null && "reopen" in state;
}

/** Opens the failed judgment that the header's badge has sent the reader to. */
function useReopening(reopen: (uuid: string) => void) {
  const location = useLocation();
  const navigate = useNavigate();
  useEffect(() => {
    if (!isReopenState(location.state)) return;
    reopen(location.state.reopen);
    navigate(location.pathname, { replace: true, state: null });
  }, [location, navigate, reopen]);
}

/** Opens the own label that the address names (`?judgment=`), as the page of one's own work does. */
function useNamedInAddress(openOwn: (uuid: string) => Promise<void>) {
  const [parameters, setParameters] = useSearchParams();
  const named = parameters.get("judgment");
  const opened = useRef<string | null>(null);
  useEffect(() => {
    if (named === null || opened.current === named) return;
    opened.current = named;
    void openOwn(named);
    setParameters({}, { replace: true });
  }, [named, openOwn, setParameters]);
}

function FailedLabels({
  project,
  onReopen,
}: {
  project: string;
  onReopen: (uuid: string) => void;
}) {
  const { t } = useTranslation(["label", "common"]);
  const { failed } = useOutbox();
  const entry = failed.find((one) => one.project === project);
  if (!entry) return null;
  const { reason = "other", message = "" } = entry.failure ?? {};
  return (
    <div className={classes.failed} role="alert">
      <Text size="sm">
        {t("notSent")} {t(`common:outbox.reason.${reason}`, { message })}
      </Text>
      <Button size="compact-xs" variant="default" onClick={() => onReopen(entry.uuid)}>
        {t("common:outbox.reopen")}
      </Button>
    </div>
  );
}

function LabelDesk({ project, account }: { project: Project; account: string }) {
  const { t } = useTranslation("label");
  const labelling = useLabelling(project, account);
  const [keysOpen, setKeysOpen] = useState(false);
  const [guidelines, setGuidelines] = useLocalStorage({
    key: "plaudit.guidelines",
    defaultValue: project.guidelines.trim() !== "" && window.innerWidth >= WIDE,
    getInitialValueInEffect: false,
  });
  const { desk, view, error, reopen } = labelling;
  useReopening(reopen);
  useNamedInAddress(labelling.openOwn);
  const reading = useReadingDesk(
    account,
    project.id,
    view && { key: view.key, count: view.item.shown.length },
  );
  const { standing, checked, understand } = useStanding(project.id);
  useEffect(() => {
    void preloadMarkdown();
  }, []);

  const bindings = useMemo<Binding[]>(
    () => [
      ...reading.bindings,
      bind("guidelines", () => setGuidelines((on) => !on)),
      bind("keys", () => setKeysOpen((on) => !on)),
      bind("understood", understand),
    ],
    [reading.bindings, setGuidelines, understand],
  );

  let body = <Loading lines={8} />;
  if (view) {
    body = (
      <Workbench
        project={project}
        view={view}
        labelling={labelling}
        reading={reading}
        pageBindings={bindings}
      />
    );
  } else if (error !== null) {
    body = <ErrorState error={error} onRetry={labelling.refill} />;
  } else if (desk.loaded) {
    body = (
      <Nothing project={project} reason={desk.reason} onBack={() => void labelling.goBack()} />
    );
  }

  return (
    <div className={classes.page}>
      <div className={classes.main}>
        <VisuallyHidden component="h1">{t("title")}</VisuallyHidden>
        {project.is_demo && (
          <p className={classes.banner} data-testid="demo-banner">
            {t("demoBanner")}
          </p>
        )}
        <FailedLabels project={project.id} onReopen={reopen} />
        <StatusLine
          desk={desk}
          notice={labelling.notice}
          guidelines={guidelines}
          reading={reading}
          standing={standing}
          remarks={
            <RemarksButton
              project={project.id}
              onOpenLabel={(uuid) => void labelling.openOwn(uuid)}
            />
          }
          onGuidelines={() => setGuidelines((on) => !on)}
          onKeys={() => setKeysOpen(true)}
        />
        {body}
        <CheckedCard project={project} checked={checked} onClose={understand} />
      </div>
      <Guidelines
        text={project.guidelines}
        opened={guidelines}
        onClose={() => setGuidelines(false)}
      />
      <KeyOverlay opened={keysOpen} onClose={() => setKeysOpen(false)} />
    </div>
  );
}

export function LabelPage() {
  const project = useProject();
  const user = useUser();
  const { own } = useOwnKeys();
  return (
    <KeyTableProvider own={own}>
      <LabelDesk key={`${project.id} ${user.id}`} project={project} account={user.id} />
    </KeyTableProvider>
  );
}
