import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, type Query } from "../api/http";
import { projectKey, projectsKey } from "../api/projects";
import type { ColumnMap, Import, Project } from "../api/types";
import { fitted } from "./columns/column-map";
import { isOver } from "./imports";
import { uploadImport } from "./upload";

const POLL_MS = 700;
const RECHECK_MS = 600;
/** A look is worth waiting for; an import shows its progress instead. */
const WAIT_SECONDS = { check: 20, import: 1 } as const;

type Purpose = keyof typeof WAIT_SECONDS;

export interface Reading {
  format: string;
  recipe: string | null;
  /** The judge's name, for recipes that ask for it. */
  annotator: string;
  strict: boolean;
  map: ColumnMap | null;
}

export const READ_AUTOMATICALLY: Reading = {
  format: "auto",
  recipe: null,
  annotator: "",
  strict: false,
  map: null,
};

export type Phase =
  | { name: "idle" }
  | { name: "sending"; purpose: Purpose; share: number }
  | { name: "reading"; purpose: Purpose; progress: number; report: Import | null }
  | { name: "checked" }
  | { name: "done"; report: Import }
  | { name: "failed"; purpose: Purpose; error: unknown };

function queryOf(reading: Reading, file: File, purpose: Purpose): Query {
  return {
    format: reading.format,
    filename: file.name,
    map: reading.recipe ?? (reading.map ? JSON.stringify(reading.map) : null),
    annotator: reading.annotator.trim() || null,
    strict: reading.strict ? 1 : null,
    dry_run: purpose === "check" ? 1 : null,
    wait: WAIT_SECONDS[purpose],
  };
}

async function finished(report: Import, signal: AbortSignal, onChange: (report: Import) => void) {
  let current = report;
  while (!isOver(current)) {
    onChange(current);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    signal.throwIfAborted();
    current = await api.get<Import>(`/imports/${report.id}/`, undefined, signal);
  }
  return current;
}

/** The first look may tell more than the reader has said: a recipe, or a map for the columns. */
function suggestion(look: Import, reading: Reading, project: Project): Reading | null {
  if (reading.recipe || reading.map) return null;
  if (look.detected_recipe) return { ...reading, recipe: look.detected_recipe };
  const map = look.detected_map && fitted(look.detected_map, project.questions);
  if (!map) return null;
  const asIs = JSON.stringify(map) === JSON.stringify(look.detected_map);
  return asIs ? null : { ...reading, map };
}

/**
 * A file on its way into a project: looked at first (a dry run, again after every change of how it
 * is to be read), imported when the reader says so. The file itself is kept to be sent again.
 */
export function useImport(project: Project) {
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [reading, setReading] = useState(READ_AUTOMATICALLY);
  const [look, setLook] = useState<Import | null>(null);
  const [phase, setPhase] = useState<Phase>({ name: "idle" });
  const running = useRef<AbortController | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const stop = useCallback(() => {
    clearTimeout(timer.current);
    running.current?.abort();
  }, []);
  useEffect(() => stop, [stop]);

  const send = async (purpose: Purpose, given: File, how: Reading): Promise<Import | null> => {
    stop();
    const control = new AbortController();
    running.current = control;
    const { signal } = control;
    setPhase({ name: "sending", purpose, share: 0 });
    try {
      const started = await uploadImport({
        project: project.id,
        file: given,
        query: queryOf(how, given, purpose),
        signal,
        onSent: (share) =>
          setPhase(
            share < 1
              ? { name: "sending", purpose, share }
              : { name: "reading", purpose, progress: 0, report: null },
          ),
      });
      return await finished(started, signal, (report) =>
        setPhase({ name: "reading", purpose, progress: report.progress, report }),
      );
    } catch (error) {
      if (!signal.aborted) setPhase({ name: "failed", purpose, error });
      return null;
    }
  };

  const check = async (given: File, how: Reading): Promise<void> => {
    const report = await send("check", given, how);
    if (!report) return;
    setLook(report);
    const better = suggestion(report, how, project);
    if (better) {
      setReading(better);
      await check(given, better);
    } else {
      setPhase({ name: "checked" });
    }
  };

  const choose = (given: File) => {
    setFile(given);
    setReading(READ_AUTOMATICALLY);
    setLook(null);
    void check(given, READ_AUTOMATICALLY);
  };
  const change = (how: Reading) => {
    setReading(how);
    if (!file) return;
    stop();
    setPhase({ name: "sending", purpose: "check", share: 0 });
    timer.current = setTimeout(() => void check(file, how), RECHECK_MS);
  };
  const recheck = () => {
    if (file) void check(file, reading);
  };
  const start = async () => {
    if (!file) return;
    const report = await send("import", file, reading);
    if (!report) return;
    setPhase({ name: "done", report });
    void client.invalidateQueries({ queryKey: projectsKey });
    void client.invalidateQueries({ queryKey: projectKey(project.id) });
  };
  const reset = () => {
    stop();
    setFile(null);
    setLook(null);
    setPhase({ name: "idle" });
  };

  return { file, reading, look, phase, choose, change, recheck, start, reset };
}
