import { Loading } from "../shared/States";

export function DataPage() {
  return <Loading />;
}
