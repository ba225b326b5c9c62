import { Loading } from "../shared/States";

export function LabelPage() {
  return <Loading />;
}
