import { Loading } from "../shared/States";

export function PlaygroundPage() {
  return <Loading />;
}
