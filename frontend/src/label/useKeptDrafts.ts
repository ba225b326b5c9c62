import { useEffect, useRef } from "react";
import type { Project } from "../api/types";
import { type Begun, storeDrafts } from "./kept-drafts";

const PAUSE_MS = 400;

/** Keeps what was begun, so that neither a reload nor a look at another page loses it. */
export function useKeptDrafts(account: string, project: Project, begun: Begun): void {
  const { drafts, reasons } = begun;
  const where = { account, project: project.id, questions: project.questions };
  const save = () => storeDrafts(sessionStorage, where, { drafts, reasons });
  const latest = useRef(save);
  latest.current = save;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once typing pauses
  useEffect(() => {
    const timer = setTimeout(() => latest.current(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [drafts, reasons]);

  useEffect(() => {
    const leave = () => latest.current();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, []);
}
