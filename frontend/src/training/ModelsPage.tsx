import { Loading } from "../shared/States";

export function ModelsPage() {
  return <Loading />;
}
