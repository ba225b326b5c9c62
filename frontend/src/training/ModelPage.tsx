import { Loading } from "../shared/States";

export function ModelPage() {
  return <Loading />;
}
