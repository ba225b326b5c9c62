import {
  type Announcements,
  DndContext,
  type DragEndEvent,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { UnstyledButton } from "@mantine/core";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RankingAnswer, RankingQuestion } from "../../api/types";
import { letterOf } from "../../label/answers";
import type { Binding } from "../../label/keymap";
import { useBindings } from "../../label/keys";
import type { PanelProps } from "../kind";
import classes from "../panels.module.css";
import { placeAt, shift, tieUp, tieWith, unrank, unranked } from "./ranking";

const TRAY = "tray";

// Dragging is for the pointer; whoever listens uses the keys, which the overlay explains.
const SILENT: Announcements = {
  onDragStart: () => undefined,
  onDragOver: () => undefined,
  onDragEnd: () => undefined,
  onDragCancel: () => undefined,
};

function Chip({
  id,
  letter,
  picked,
  onPick,
}: {
  id: string;
  letter: string;
  picked: boolean;
  onPick: () => void;
}) {
  const { t } = useTranslation("label");
  const { attributes, listeners, setNodeRef, transform, isDragging } = useDraggable({
    id,
    attributes: { roleDescription: t("ranking.draggable") },
  });
  return (
    <UnstyledButton
      ref={setNodeRef}
      className={classes.chip}
      style={transform ? { transform: `translate(${transform.x}px, ${transform.y}px)` } : undefined}
      data-dragging={isDragging}
      {...attributes}
      {...listeners}
      aria-pressed={picked}
      aria-label={t("ranking.pick", { letter })}
      onClick={onPick}
    >
      {letter}
    </UnstyledButton>
  );
}

/** The unranked outputs, or those that share a place. */
function Tier({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  const { setNodeRef, isOver } = useDroppable({ id });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a place to drop on, not a form
    <div
      ref={setNodeRef}
      className={classes.tier}
      data-over={isOver}
      role="group"
      aria-label={label}
    >
      {children}
    </div>
  );
}

/** Where an output is dropped to get a place of its own, above or between the others. */
function Gap({
  place,
  onPlace,
  hint,
}: {
  place: number;
  onPlace: (place: number) => void;
  hint?: string;
}) {
  const { t } = useTranslation("label");
  const { setNodeRef, isOver } = useDroppable({ id: `gap:${place}` });
  return (
    <UnstyledButton
      ref={setNodeRef}
      className={classes.gap}
      data-over={isOver}
      aria-label={[t("ranking.place", { rank: place + 1 }), hint].filter(Boolean).join(". ")}
      onClick={() => onPlace(place)}
    >
      {hint && <span className={classes.hint}>{hint}</span>}
    </UnstyledButton>
  );
}

export function RankingPanel({
  questions,
  ids,
  draft,
  active,
  onAnswer,
}: PanelProps<RankingQuestion>) {
  const { t } = useTranslation("label");
  const [question] = questions;
  const [picked, setPicked] = useState<string | null>(null);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }));
  const answer = question ? (draft[question.name] as RankingAnswer | undefined) : undefined;
  const tiers = useMemo(() => answer?.tiers ?? [], [answer]);
  const tray = unranked(tiers, ids);
  const letter = (id: string) => letterOf(ids.indexOf(id));

  const bindings = useMemo<Binding[]>(() => {
    if (!question) return [];
    const set = (next: string[][]) =>
      onAnswer(question.name, next.length > 0 ? { tiers: next } : undefined);
    const withPicked = (step: (id: string) => string[][]) => () => {
      if (picked !== null) set(step(picked));
    };
    const table: Binding[] = ids.map((id, place) => ({
      keys: [letterOf(place).toLowerCase()],
      group: "answer",
      label: "ranking.pick",
      values: { letter: letterOf(place) },
      run: () => setPicked(id),
    }));
    for (let rank = 1; rank <= Math.min(ids.length, 9); rank++) {
      table.push({
        keys: [String(rank)],
        group: "answer",
        label: "ranking.place",
        values: { rank },
        run: withPicked((id) => placeAt(tiers, id, rank)),
      });
    }
    if (question.ties) {
      table.push({
        keys: ["="],
        group: "answer",
        label: "ranking.tie",
        run: withPicked((id) => tieUp(tiers, id)),
      });
    }
    table.push(
      {
        keys: ["ArrowUp"],
        group: "answer",
        label: "ranking.up",
        run: withPicked((id) => shift(tiers, id, -1)),
      },
      {
        keys: ["ArrowDown"],
        group: "answer",
        label: "ranking.down",
        run: withPicked((id) => shift(tiers, id, 1)),
      },
      {
        keys: ["x"],
        group: "answer",
        label: "ranking.out",
        run: withPicked((id) => unrank(tiers, id)),
      },
    );
    return table;
  }, [question, ids, tiers, picked, onAnswer]);
  useBindings("panel", bindings, active);

  if (!question) return null;

  const answerWith = (next: string[][]) =>
    onAnswer(question.name, next.length > 0 ? { tiers: next } : undefined);
  // A gap counts places among the tiers as they stand; taking the output out may shift them.
  const placedInGap = (id: string, place: number) => {
    const alone = tiers.findIndex((tier) => tier.length === 1 && tier[0] === id);
    return placeAt(tiers, id, alone >= 0 && alone < place ? place : place + 1);
  };
  const placePicked = (place: number) => {
    if (picked !== null) answerWith(placedInGap(picked, place));
  };
  const drop = ({ active: dragged, over }: DragEndEvent) => {
    if (!over) return;
    const id = String(dragged.id);
    const target = String(over.id);
    setPicked(id);
    const [kind, place] = target.split(":");
    const rank = Number(place);
    let next: string[][];
    if (target === TRAY) next = unrank(tiers, id);
    else if (kind === "tier" && question.ties) {
      const other = tiers[rank]?.find((one) => one !== id);
      next = other === undefined ? tiers : tieWith(tiers, id, other);
    } else next = placedInGap(id, rank);
    answerWith(next);
  };

  const chip = (id: string) => (
    <Chip
      key={id}
      id={id}
      letter={letter(id)}
      picked={picked === id}
      onPick={() => setPicked(id)}
    />
  );

  return (
    <DndContext
      sensors={sensors}
      onDragEnd={drop}
      accessibility={{
        screenReaderInstructions: { draggable: t("ranking.instructions") },
        announcements: SILENT,
      }}
    >
      <div className={classes.ranking} data-answer>
        <Tier id={TRAY} label={t("ranking.tray")}>
          <span className={classes.tierName}>{t("ranking.tray")}</span>
          {tray.map(chip)}
        </Tier>
        <div className={classes.tiers}>
          <Gap
            place={0}
            onPlace={placePicked}
            hint={tiers.length === 0 ? t("ranking.hint") : undefined}
          />
          {tiers.map((tier, place) => (
            <div key={tier.join()} className={classes.tierWithGap}>
              <Tier id={`tier:${place}`} label={t("ranking.tier", { rank: place + 1 })}>
                <span className={classes.tierName}>{place + 1}</span>
                {tier.map(chip)}
              </Tier>
              <Gap place={place + 1} onPlace={placePicked} />
            </div>
          ))}
        </div>
      </div>
    </DndContext>
  );
}
