import { Button, Text, VisuallyHidden } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { useProject } from "../api/projects";
import { useUser } from "../api/session";
import type { Project } from "../api/types";
import { useOutbox } from "../outbox";
import { preloadMarkdown } from "../shared/Markdown";
import { ErrorState, Loading } from "../shared/States";
import { Guidelines } from "./Guidelines";
import { KeyOverlay } from "./KeyOverlay";
import type { Binding } from "./keymap";
import { KeyTableProvider } from "./keys";
import classes from "./label.module.css";
import { Nothing } from "./Nothing";
import { StatusLine } from "./StatusLine";
import { useLabelling } from "./useLabelling";
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

function LabelDesk({ project }: { project: Project }) {
  const { t } = useTranslation("label");
  const labelling = useLabelling(project);
  const [keysOpen, setKeysOpen] = useState(false);
  const [plain, setPlain] = useState(false);
  const [guidelines, setGuidelines] = useLocalStorage({
    key: "plaudit.guidelines",
    defaultValue: project.guidelines.trim() !== "" && window.innerWidth >= WIDE,
    getInitialValueInEffect: false,
  });
  const { desk, view, error, reopen } = labelling;
  useReopening(reopen);
  useEffect(() => {
    void preloadMarkdown();
  }, []);

  const bindings = useMemo<Binding[]>(
    () => [
      {
        keys: ["g", "i"],
        group: "view",
        label: "tool.guidelines",
        run: () => setGuidelines((on) => !on),
      },
      { keys: ["m"], group: "view", label: "tool.plain", run: () => setPlain((on) => !on) },
      { keys: ["?"], group: "view", label: "tool.keys", run: () => setKeysOpen((on) => !on) },
    ],
    [setGuidelines],
  );

  let body = <Loading lines={8} />;
  if (view) {
    body = (
      <Workbench
        project={project}
        view={view}
        labelling={labelling}
        plain={plain}
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
          plain={plain}
          onGuidelines={() => setGuidelines((on) => !on)}
          onPlain={() => setPlain((on) => !on)}
          onKeys={() => setKeysOpen(true)}
        />
        {body}
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
  return (
    <KeyTableProvider>
      <LabelDesk key={`${project.id} ${user.id}`} project={project} />
    </KeyTableProvider>
  );
}
