import { Loading } from "../shared/States";

export function AccountPage() {
  return <Loading />;
}
