import { letterOf } from "../../label/answers";
import type { Binding, Named } from "../../label/keymap";
import type { Step, Unit } from "./cursor";

interface Actions {
  labels: readonly string[];
  outputs: readonly string[];
  caret: {
    isOn: boolean;
    toggle: () => void;
    leave: () => void;
    hold: () => void;
    jump: (completion: string) => void;
    step: (unit: Unit, by: Step) => void;
  };
  hasSelection: boolean;
  hasSpans: boolean;
  takeLabel: (label: string) => void;
  confirm: () => void;
  drop: () => void;
  choose: (step: Step) => void;
  remove: () => void;
  comment: () => void;
  undo: () => void;
  nothing: () => void;
}

const MOVES: readonly (readonly [key: string, name: string, unit: Unit, by: Step])[] = [
  ["ArrowRight", "wordOn", "word", 1],
  ["ArrowLeft", "wordBack", "word", -1],
  ["ArrowDown", "sentenceOn", "sentence", 1],
  ["ArrowUp", "sentenceBack", "sentence", -1],
  [".", "characterOn", "character", 1],
  [",", "characterBack", "character", -1],
];

const label = (name: string) => `kind-highlight:key.${name}`;

/** So many labels have a key of their own. */
export const KEYED = 9;

export const keyOfLabel = (place: number): Named => ({
  keys: [String(place + 1)],
  label: label("label"),
  action: `highlight.label.${place + 1}`,
});
export const CARET_KEY: Named = { keys: ["v"], label: label("caret"), action: "highlight.caret" };
export const NOTHING_KEY: Named = { keys: ["0"], label: label("nothing") };

/** What the keys do while a highlight question has them. */
export function highlightBindings(actions: Actions): Binding[] {
  const { labels, caret } = actions;
  const binding = (keys: string[], name: string, run: () => void, values = {}): Binding => ({
    keys,
    group: "answer",
    label: label(name),
    values,
    run,
  });
  const table: Binding[] = labels.slice(0, KEYED).map((one, place) => ({
    ...keyOfLabel(place),
    group: "answer",
    values: { label: one },
    run: () => actions.takeLabel(one),
  }));
  table.push({ ...CARET_KEY, group: "answer", run: caret.toggle });
  if (caret.isOn) {
    for (const [key, name, unit, by] of MOVES) {
      table.push({
        ...binding([key], name, () => caret.step(unit, by)),
        action: `highlight.${name}`,
        held: true,
      });
    }
    table.push(binding([" "], "hold", caret.hold), binding(["Escape"], "leave", caret.leave));
    for (const [place, id] of actions.outputs.slice(0, 8).entries()) {
      const letter = letterOf(place);
      table.push({
        ...binding([letter.toLowerCase()], "output", () => caret.jump(id), { letter }),
        action: `highlight.output.${letter}`,
      });
    }
  }
  if (caret.isOn || actions.hasSelection) {
    table.push(binding(["Enter"], "confirm", actions.confirm));
  }
  if (!caret.isOn && actions.hasSelection) table.push(binding(["Escape"], "drop", actions.drop));
  if (actions.hasSpans) {
    table.push(
      binding(["n"], "next", () => actions.choose(1)),
      binding(["b"], "previous", () => actions.choose(-1)),
      binding(["Delete", "x"], "remove", actions.remove),
      binding(["c"], "comment", actions.comment),
    );
  } else {
    table.push({ ...NOTHING_KEY, group: "answer", run: actions.nothing });
  }
  table.push(binding(["u"], "undo", actions.undo));
  return table;
}
