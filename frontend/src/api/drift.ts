/**
 * Holds `types.ts` to the server's schema: `tsc` fails where what the server sends is not what the
 * pages expect. `schema.d.ts` is generated (`npm run types`); this file has no code that runs.
 */
import type { RulesTried } from "../training/rules/types";
import type { components } from "./schema";
import type * as wire from "./types";

type Schemas = components["schemas"];

/**
 * What the schema can say of a shape: intervals are lists there, and questions, answers and imported
 * lines are open JSON, whose shapes the server's tests hold.
 */
type Open<T> = T extends [infer Element, unknown]
  ? Element[]
  : T extends (infer Element)[]
    ? Open<Element>[]
    : T extends object
      ? { [K in keyof T]: K extends OpenField ? unknown : Open<T[K]> }
      : T;
type OpenField = "questions" | "answers" | "metadata" | "preview" | "detected_map" | "folds";

type Sends<Server extends Open<Expected>, Expected> = [Server, Expected];

export type Drift = [
  Sends<Required<Schemas["User"]>, wire.User>,
  Sends<Schemas["Token"], wire.AccessToken>,
  Sends<Schemas["InvitationPublic"], wire.InvitationPreview>,
  Sends<Schemas["Invitation"], wire.Invitation>,
  Sends<Schemas["Member"], wire.Member>,
  Sends<Schemas["Project"], wire.Project>,
  Sends<Schemas["OverlapCost"], wire.OverlapCost>,
  Sends<Schemas["AnnotatorSettings"], wire.AnnotatorSettings>,
  Sends<Schemas["Pool"], wire.Pool>,
  Sends<Schemas["PoolPrompts"], wire.PoolPrompts>,
  Sends<Schemas["Template"], wire.Template>,
  Sends<Schemas["Revision"], wire.Revision>,
  Sends<Schemas["PromptRow"], wire.PromptSummary>,
  Sends<Schemas["Judgment"], wire.Judgment>,
  Sends<Schemas["JudgmentDetail"], wire.JudgmentDetail>,
  Sends<Schemas["QueueItem"], wire.QueueItem>,
  Sends<Schemas["Queue"], wire.Queue>,
  Sends<Schemas["SetAside"], wire.ParkedItem>,
  Sends<Schemas["ReviewRow"], wire.ReviewRow>,
  Sends<Schemas["ReviewSummary"], wire.ReviewSummary>,
  Sends<Schemas["ReviewItem"], wire.ReviewItem>,
  Sends<Schemas["Remark"], wire.Remark>,
  Sends<Schemas["ThreadPage"], wire.Threads>,
  Sends<Schemas["Gold"], wire.GoldItem>,
  Sends<Schemas["TrustPolicy"], wire.TrustPolicy>,
  Sends<Schemas["CheckedAnnotator"], wire.CheckedAnnotator>,
  Sends<Schemas["Standing"], wire.Standing>,
  Sends<Schemas["Import"], wire.Import>,
  Sends<Schemas["Recipe"], wire.ImportRecipe>,
  Sends<Schemas["Progress"], wire.Progress>,
  Sends<Schemas["Agreement"], wire.Agreement>,
  Sends<Schemas["Run"], wire.TrainingRun>,
  Sends<Schemas["Evaluation"], wire.Evaluation>,
  Sends<Schemas["RewardModel"], wire.RewardModel>,
  Sends<Schemas["Promotion"], wire.Promotion>,
  Sends<Schemas["Policy"], wire.Retraining>,
  Sends<Schemas["PinList"], wire.Pins>,
  Sends<Schemas["ScoringToken"], wire.ScoringToken>,
  Sends<Schemas["RewardAnswer"], wire.RewardAnswer>,
  Sends<Schemas["RulesTried"], RulesTried>,
];
