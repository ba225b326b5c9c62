import { Loading } from "../shared/States";

export function OverviewPage() {
  return <Loading />;
}
