import { Loading } from "../shared/States";

export function UsersPage() {
  return <Loading />;
}
