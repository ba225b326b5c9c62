import { Loading } from "../shared/States";

export function RunPage() {
  return <Loading />;
}
