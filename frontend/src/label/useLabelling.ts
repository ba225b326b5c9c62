import { notifications } from "@mantine/notifications";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JudgmentBody, JudgmentStatus, Project } from "../api/types";
import { outbox, useOutbox } from "../outbox";
import { uuid4 } from "../outbox/uuid";
import { answersToSend, type Draft } from "./answers";
import { type Done, deskReducer, EMPTY_DESK, type Origin, viewOf } from "./desk";
import { loadDrafts } from "./kept-drafts";
import { fetchDone, fetchOwnJudgments } from "./older";
import { useActiveTime } from "./useActiveTime";
import { useKeptDrafts } from "./useKeptDrafts";
import { useLeases } from "./useLeases";
import { useQueue } from "./useQueue";

/** What happened last, for the status line and for screen readers. */
export type Notice =
  | { kind: "none" }
  | { kind: JudgmentStatus }
  | { kind: "takenBack" }
  | { kind: "reopened" }
  | { kind: "nothingToUndo" }
  | { kind: "reasoned"; reason: string }
  | { kind: "missing"; title: string };

/** The labelling page's behaviour: what is on the screen, and what can be done with it. */
export function useLabelling(project: Project, account: string) {
  const { t } = useTranslation("label");
  const [desk, dispatch] = useReducer(deskReducer, EMPTY_DESK, (empty) => ({
    ...empty,
    ...loadDrafts(sessionStorage, { account, project: project.id, questions: project.questions }),
  }));
  useKeptDrafts(account, project, desk);
  const [notice, setNotice] = useState<Notice>({ kind: "none" });
  const { error, refill } = useQueue(project.id, desk, dispatch);
  useLeases(project, desk.ring, dispatch, refill);
  const view = viewOf(desk);
  const timing = useActiveTime(view?.key);
  /** The last write to the outbox: an undo waits for it, so that it finds what it takes back. */
  const writing = useRef<Promise<unknown>>(Promise.resolve());
  /** Own judgments from before the page was opened, newest first; null until asked for. */
  const older = useRef<string[] | null>(null);
  const busy = useRef(false);
  /** The last judgment as it was sent, for a reason that is given after it. */
  const lastBody = useRef<{ uuid: string; body: JudgmentBody } | null>(null);

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
      lastBody.current = { uuid: done.uuid, body };
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

  const last = desk.history.at(-1);
  // An older judgment on the screen is not the one that a reason would go to.
  const isMeant = !view?.editing || view.editing.uuid === last?.uuid;
  /** The judgment that a reason can still be given for: the last one, made a moment ago. */
  const toReason =
    last && isMeant && last.uuid === lastBody.current?.uuid && last.status === "submitted"
      ? last
      : null;

  /** Says why the last judgment was made: in the outbox while it waits there, else as an edit of it. */
  const giveReason = (why: string) => {
    if (!toReason) return;
    void alone(async () => {
      const sent = lastBody.current;
      if (sent?.uuid !== toReason.uuid) return;
      const reason = why === toReason.reason ? "" : why;
      await writing.current;
      if (await outbox.amend(toReason.uuid, { reason })) {
        lastBody.current = { uuid: toReason.uuid, body: { ...sent.body, reason } };
        dispatch({ type: "reasoned", uuid: toReason.uuid, done: { ...toReason, reason } });
      } else {
        const { lease: _used, ...body } = { ...sent.body, supersedes: toReason.uuid, reason };
        const done: Done = {
          ...toReason,
          uuid: uuid4(),
          reason,
          origin: { supersedes: toReason.uuid },
          previous: toReason,
        };
        writing.current = outbox.add({
          uuid: done.uuid,
          project: project.id,
          body,
          item: done.item,
        });
        await writing.current;
        lastBody.current = { uuid: done.uuid, body };
        dispatch({ type: "reasoned", uuid: toReason.uuid, done });
      }
      setNotice(reason === "" ? { kind: "none" } : { kind: "reasoned", reason });
    }).catch((failure: unknown) => {
      notifications.show({ color: "red", title: t("notStored"), message: String(failure) });
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

  /** Opens one of one's own labels, whenever it was made. */
  const openOwn = (uuid: string) =>
    alone(async () => {
      await writing.current;
      const known = desk.history.some((done) => done.uuid === uuid);
      dispatch(
        known ? { type: "opened", uuid } : { type: "remembered", done: await fetchDone(uuid) },
      );
      setNotice({ kind: "reopened" });
    }).catch((failure: unknown) => {
      notifications.show({ color: "red", title: t("notReached"), message: String(failure) });
    });

  const { unsent } = useOutbox();
  useEffect(() => {
    // An edit stands on no lease: its item may be among the tasks once more.
    const items = unsent.filter((entry) => entry.project === project.id && entry.body.lease);
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
    toReason,
    giveReason,
    undo,
    goBack,
    goForward: () => dispatch({ type: "forward" }),
    reopen,
    openOwn,
    explain: (reason: string) => dispatch({ type: "explained", reason }),
    edit: (question: string, answer: Draft[string] | undefined) =>
      dispatch({ type: "edited", question, answer }),
  };
}

export type Labelling = ReturnType<typeof useLabelling>;
