import { Loading } from "../shared/States";

export function NewProjectPage() {
  return <Loading />;
}
