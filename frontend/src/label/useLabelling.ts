import { notifications } from "@mantine/notifications";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JudgmentStatus, Project } from "../api/types";
import { outbox, useOutbox } from "../outbox";
import { uuid4 } from "../outbox/uuid";
import { answersToSend, type Draft } from "./answers";
import { type Done, deskReducer, EMPTY_DESK, type Origin, viewOf } from "./desk";
import { fetchDone, fetchOwnJudgments } from "./older";
import { useActiveTime } from "./useActiveTime";
import { useQueue } from "./useQueue";

/** What happened last, for the status line and for screen readers. */
export type Notice =
  | { kind: "none" }
  | { kind: JudgmentStatus }
  | { kind: "takenBack" }
  | { kind: "reopened" }
  | { kind: "nothingToUndo" }
  | { kind: "missing"; title: string };

/** The labelling page's behaviour: what is on the screen, and what can be done with it. */
export function useLabelling(project: Project) {
  const { t } = useTranslation("label");
  const [desk, dispatch] = useReducer(deskReducer, EMPTY_DESK);
  const [notice, setNotice] = useState<Notice>({ kind: "none" });
  const { error, refill } = useQueue(project.id, desk, dispatch);
  const view = viewOf(desk);
  const timing = useActiveTime(view?.key);
  /** The last write to the outbox: an undo waits for it, so that it finds what it takes back. */
  const writing = useRef<Promise<unknown>>(Promise.resolve());
  /** Own judgments from before the page was opened, newest first; null until asked for. */
  const older = useRef<string[] | null>(null);
  const busy = useRef(false);

  /** Runs one step at a time; what is pressed meanwhile is not taken twice. */
  const alone = useCallback(async (step: () => Promise<void>) => {
    if (busy.current) return;
    busy.current = true;
    try {
      await step();
    } finally {
      busy.current = false;
    }
  }, []);

  const store = useCallback(
    (done: Done) => {
      const { time, startedAt } = timing.current;
      const body = {
        ...done.origin,
        status: done.status,
        answers: done.answers,
        shown: done.item.shown,
        started_at: startedAt.toISOString(),
        active_ms: time.read(),
        reason: done.reason,
      };
      dispatch({ type: "submitted", done });
      setNotice({ kind: done.status });
      writing.current = outbox
        .add({ uuid: done.uuid, project: project.id, body, item: done.item })
        .catch((failure: unknown) => {
          dispatch({ type: "takenBack", done });
          notifications.show({ color: "red", title: t("notStored"), message: String(failure) });
        });
    },
    [project.id, t, timing],
  );

  const submit = (status: JudgmentStatus, draft: Draft, reason = "") => {
    if (!view) return;
    const { item, editing } = view;
    const answers = status === "submitted" ? answersToSend(project.questions, draft) : {};
    const done = (origin: Origin, previous: Done | null): Done => ({
      uuid: uuid4(),
      item,
      status,
      answers,
      reason,
      origin,
      previous,
    });
    if (!editing) {
      if (!busy.current) store(done({ lease: item.lease }, null));
      return;
    }
    void alone(async () => {
      await writing.current;
      const unsent = await outbox.takeBack(editing.uuid);
      store(
        unsent
          ? done(editing.origin, editing.previous)
          : done({ supersedes: editing.uuid }, editing),
      );
    });
  };

  const goBack = () =>
    alone(async () => {
      if (desk.history.length > 0 && desk.cursor !== 0) {
        dispatch({ type: "back" });
        return;
      }
      older.current ??= await fetchOwnJudgments(project.id);
      const known = new Set(desk.history.flatMap((done) => [done.uuid, done.previous?.uuid]));
      let uuid = older.current.shift();
      while (uuid !== undefined && known.has(uuid)) uuid = older.current.shift();
      if (uuid === undefined) setNotice({ kind: "nothingToUndo" });
      else dispatch({ type: "remembered", done: await fetchDone(uuid) });
    }).catch((failure: unknown) => {
      older.current = null;
      notifications.show({ color: "red", title: t("notReached"), message: String(failure) });
    });

  const undo = async () => {
    const last = desk.history.at(-1);
    if (desk.cursor !== null || !last) {
      await goBack();
      return;
    }
    await alone(async () => {
      await writing.current;
      const unsent = await outbox.takeBack(last.uuid);
      dispatch(unsent ? { type: "takenBack", done: last } : { type: "opened", uuid: last.uuid });
      setNotice({ kind: unsent ? "takenBack" : "reopened" });
    });
  };

  /** Opens a judgment that could not be sent; submitting it again replaces it in the outbox. */
  const reopen = useCallback((uuid: string) => {
    const entry = outbox.find(uuid);
    if (!entry) return;
    const { body, item } = entry;
    const origin: Origin = body.supersedes
      ? { supersedes: body.supersedes }
      : { lease: body.lease ?? item.lease };
    const { status, answers, reason } = body;
    dispatch({
      type: "reopened",
      done: { uuid, item, status, answers, reason, origin, previous: null },
    });
    setNotice({ kind: "none" });
  }, []);

  const { unsent } = useOutbox();
  useEffect(() => {
    const items = unsent.filter((entry) => entry.project === project.id);
    dispatch({ type: "elsewhere", items: items.map((entry) => entry.item.item) });
  }, [unsent, project.id]);

  useEffect(
    () =>
      outbox.onSaved(({ surplus, project: of }) => {
        if (surplus && of === project.id) {
          notifications.show({ title: t("surplus.title"), message: t("surplus.text") });
        }
      }),
    [project.id, t],
  );

  return {
    desk,
    view,
    error,
    refill,
    notice,
    setNotice,
    submit,
    undo,
    goBack,
    goForward: () => dispatch({ type: "forward" }),
    reopen,
    edit: (question: string, answer: Draft[string] | undefined) =>
      dispatch({ type: "edited", question, answer }),
  };
}

export type Labelling = ReturnType<typeof useLabelling>;
