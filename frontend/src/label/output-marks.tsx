import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from "react";
import type { Mark } from "../shared/marks";

/** Marks by completion; a completion with a list, also an empty one, can be marked. */
export type MarksByCompletion = Readonly<Record<string, readonly Mark[]>>;

interface MarkStore {
  publish(owner: string, marks: MarksByCompletion | null): void;
  of(completion: string): readonly Mark[] | undefined;
  subscribe(listener: () => void): () => void;
}

function newStore(): MarkStore {
  const owners = new Map<string, MarksByCompletion>();
  const listeners = new Set<() => void>();
  /** What was handed out; it stays the same object until the marks of that completion change. */
  let merged = new Map<string, readonly Mark[]>();

  const merge = () => {
    const next = new Map<string, readonly Mark[]>();
    for (const marks of owners.values()) {
      for (const [completion, list] of Object.entries(marks)) {
        const before = next.get(completion);
        next.set(completion, before ? [...before, ...list] : list);
      }
    }
    for (const [completion, list] of next) {
      const before = merged.get(completion);
      if (before?.length === list.length && before.every((mark, place) => mark === list[place])) {
        next.set(completion, before);
      }
    }
    merged = next;
    for (const listener of listeners) listener();
  };

  return {
    publish(owner, marks) {
      if (marks) owners.set(owner, marks);
      else owners.delete(owner);
      merge();
    },
    of: (completion) => merged.get(completion),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const MarksContext = createContext<MarkStore>(newStore());

/** Carries marks from the questions, which make them, to the outputs, which draw them. */
export function OutputMarksProvider({ children }: { children: ReactNode }) {
  const store = useMemo(newStore, []);
  return <MarksContext value={store}>{children}</MarksContext>;
}

/** What is to be drawn over an output; undefined where nothing wants to mark it. */
export function useMarksOf(completion: string): readonly Mark[] | undefined {
  const store = useContext(MarksContext);
  return useSyncExternalStore(store.subscribe, () => store.of(completion));
}

/** Draws marks over outputs while the caller is on the page; `owner` tells its marks from others'. */
export function usePublishMarks(owner: string, marks: MarksByCompletion): void {
  const store = useContext(MarksContext);
  useEffect(() => store.publish(owner, marks), [store, owner, marks]);
  useEffect(() => () => store.publish(owner, null), [store, owner]);
}
